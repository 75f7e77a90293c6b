"""Between `lrcore.schedules` and `torch.optim.lr_scheduler`, with rates that are absolute both ways."""

import copy
import warnings
from collections import defaultdict

from .. import validate
from ..schedules import Schedule, Table, shift
from ..schedules.compose.operands import part

try:
    import torch
    from torch.optim.lr_scheduler import LRScheduler, ReduceLROnPlateau
except ImportError as error:
    raise ImportError("lrcore.torch needs PyTorch: pip install 'lrcore[torch]'") from error


class ScheduleLR(LRScheduler):
    """What `to_torch` returns: sets each group's lr to schedule(k) after k calls of ``step()``."""

    def __init__(self, optimizer, schedules, k=0):
        self.schedules = schedules
        tensors = set()
        for group in optimizer.param_groups:
            lr = group["lr"]
            if isinstance(lr, torch.Tensor):
                if id(lr) in tensors:  # SGD(groups, lr=tensor) gives all groups one tensor, and so one rate
                    group["lr"] = lr.clone()
                tensors.add(id(lr))
                lr = lr.clone()
            group.setdefault("initial_lr", lr)  # torch asks for it when a run does not start at 0
        super().__init__(optimizer, last_epoch=k - 1)

    def get_lr(self):
        groups = len(self.optimizer.param_groups)
        per_group = self.schedules if isinstance(self.schedules, tuple) else (self.schedules,) * groups
        if len(per_group) != groups:
            raise validate.wrong_value(
                f"the optimizer has {groups} param groups and needs as many schedules, got {len(per_group)}",
                validate.DECAY,
            )
        return [schedule(self.last_epoch) for schedule in per_group]

    _get_closed_form_lr = get_lr  # SequentialLR asks for it when this scheduler's turn comes

    def state_dict(self):
        """The step, and the schedule as JSON: plain values only, which torch.load reads safely."""
        return {"last_epoch": self.last_epoch, "_step_count": self._step_count, "schedule": self._label()}

    def load_state_dict(self, state_dict):
        """Go on at the saved step, and set the rate. ValueError if it was saved by another schedule."""
        if state_dict["schedule"] != self._label():
            raise validate.wrong_value(
                f"the state was saved with {state_dict['schedule']}, this scheduler has {self._label()}; "
                "to go on with another schedule, use to_torch(schedule, optimizer, k=...)",
                validate.DECAY,
            )
        self._step_count = state_dict["_step_count"]
        self.last_epoch = state_dict["last_epoch"] - 1
        self._update_lr()

    def _label(self):
        """What the schedules are, where that can be said: a plain function has no text of its own."""
        schedules = self.schedules if isinstance(self.schedules, tuple) else (self.schedules,)
        try:
            return [schedule.to_json() for schedule in schedules]
        except TypeError:
            return None


def to_torch(schedule, optimizer, k=0):
    """An ``LRScheduler`` of torch that sets the optimizer's lr to schedule(k).

    Rates are absolute: the lr that the optimizer was made with does not matter. Give one schedule for all
    param groups, or a sequence with one for each group, such as `lrcore.schedules.per_layer` makes. A
    tensor lr is filled in place, as compiled optimizers need. A run resumes with ``load_state_dict``, or at
    any step with `k`: rates depend on the step alone.

    Raises TypeError unless the schedule is one, ValueError for a wrong number of schedules or k < 0.
    Explained in chapter 06.

    >>> import torch
    >>> from lrcore.schedules import Linear
    >>> optimizer = torch.optim.SGD([torch.zeros(2, requires_grad=True)], lr=1.0)
    >>> scheduler = to_torch(Linear(0.1, 100), optimizer)
    >>> for _ in range(50):
    ...     optimizer.step()
    ...     scheduler.step()
    >>> scheduler.get_last_lr()
    [0.05]
    """
    k = validate.count(k, "k", low=0, see=validate.DECAY)
    if isinstance(schedule, (list, tuple)):
        schedules = tuple(_schedule(one) for one in schedule)
    else:
        schedules = _schedule(schedule)
    return ScheduleLR(optimizer, schedules, k)


def _schedule(value):
    """A plain function becomes a schedule, so that it is checked as others are."""
    part(value, "schedule", validate.DECAY)
    return value if isinstance(value, Schedule) else shift(value, 0)


def from_torch_scheduler(scheduler, steps, group=0, metrics=None):
    """The next `steps` rates of any torch scheduler as a `Table`, from the rate now in force on.

    Runs a copy on a copy of the optimizer that has the settings of its groups but one number for each
    parameter: neither scheduler nor optimizer nor parameters are touched. ``ReduceLROnPlateau`` needs
    `metrics`, one for each step. Raises ValueError unless steps >= 1, the group exists, and there are
    metrics where needed.

    Explained in chapter 07.

    >>> import torch
    >>> optimizer = torch.optim.SGD([torch.zeros(2, requires_grad=True)], lr=0.8)
    >>> scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.5)
    >>> from_torch_scheduler(scheduler, steps=4)
    Table(values=(0.8, 0.4, 0.2, 0.1))
    """
    steps = validate.count(steps, "steps", see=validate.CYCLES)
    groups = len(scheduler.optimizer.param_groups)
    group = validate.count(group, "group", low=0, see=validate.CYCLES)
    if group >= groups:
        raise validate.wrong_value(f"group must be in [0, {groups - 1}], got {group}", validate.CYCLES)
    driven = isinstance(scheduler, ReduceLROnPlateau)
    if driven and (metrics is None or len(metrics) < steps - 1):
        raise validate.wrong_value(
            f"ReduceLROnPlateau needs metrics=..., one for each of the {steps - 1} steps", validate.CYCLES
        )
    clone = _light_copy(scheduler)
    rates = [float(clone.optimizer.param_groups[group]["lr"])]
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # the copy is stepped without optimizer.step(), which is what is meant
        for k in range(steps - 1):
            clone.step(*([metrics[k]] if driven else []))
            rates.append(float(clone.optimizer.param_groups[group]["lr"]))
    return Table(rates)


def _light_copy(scheduler):
    """A copy of a scheduler with its optimizer, but without the parameters and the optimizer's buffers."""
    optimizer = scheduler.optimizer
    memo = {id(optimizer.state): defaultdict(dict)}
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            memo[id(parameter)] = torch.zeros(1, requires_grad=True)
    return copy.deepcopy(scheduler, memo)
