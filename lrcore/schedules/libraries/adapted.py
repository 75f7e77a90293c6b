"""What the five adapters share: names, parameters, and a warmup in front."""

from inspect import Parameter, signature

from ... import validate
from ..compose.join import join
from ..linear import Linear


def adapted(library, table, name, parameters):
    """The schedule that table[name] makes of the parameters; errors speak of the library's names."""
    if name not in table:
        raise validate.wrong_value(
            f"{library} schedules known here are {', '.join(table)}; got {validate.shown(name)}",
            validate.DECAY,
        )
    known = signature(table[name]).parameters.values()
    names = [p.name for p in known]
    extra = [given for given in parameters if given not in names]
    missing = [p.name for p in known if p.default is Parameter.empty and p.name not in parameters]
    if extra or missing:
        wrong = [f"{one} is not one of them" for one in extra] + [f"{one} is missing" for one in missing]
        raise validate.wrong_type(
            f"{name} of {library} has the parameters {', '.join(names)} here: {', '.join(wrong)}",
            validate.DECAY,
        )
    return table[name](**parameters)


def not_covered(text):
    """The error for a setting whose curve no schedule here has."""
    return validate.wrong_value(f"not covered: {text}", validate.DECAY)


def after_warmup(schedule, start, eta0, steps):
    """The schedule after `steps` steps on a straight line from start to eta0; itself if steps is 0."""
    steps = validate.count(steps, "the number of warmup steps", low=0, see=validate.CYCLES)
    return join([Linear(start, steps, eta0), schedule], at=[steps]) if steps else schedule
