"""The curvature of a network along each parameter, by one more backward sweep."""

import numpy as np

from .. import validate

FORMS = ("full", "gauss-newton")


def becker_lecun(net, x, form="full"):
    r"""Estimates of d^2 f/dx_i^2 for the parameters of an `MLP`, at the price of a gradient; (..., dim).

    With z = sum_j w_j y_j the input of a unit, h = tanh z its output and c = d^2 f/dz^2, sample by sample,
    the curvature of a weight and of the bias is

    .. math::

        \frac{\partial^2f}{\partial w_j^2} = c\,y_j^2,\qquad
        \frac{\partial^2f}{\partial b^2} = c

    and backwards, over the units k that h goes to,

    .. math::

        c &= (1-h^2)^2\sum_kw_k^2\,c_k \\
        &\quad-2h(1-h^2)\,\frac{\partial f}{\partial h}

    At the outputs c = 1 for the squared loss, p (1 - p) for the cross-entropy, over n for the mean.

    ``"full"`` is that. It is exact for the squared loss with at most one hidden layer and for any loss with
    none; otherwise curvature *between* the units of a layer is left out, and the result is an estimate.
    ``"gauss-newton"`` drops the term with df/dh and is therefore never negative.

    Raises ValueError or TypeError for a net that is no `MLP`, another form and a point that does not fit.

    Source: Becker and LeCun, *Improving the convergence of back-propagation learning with second order
    methods* (1988). Explained in chapter 10.

    >>> from lrcore.problems import MLP
    >>> net = MLP([[3.0]], [0], hidden=(), loss="squared")  # f = (3 w + b - 1)^2 / 2
    >>> becker_lecun(net, [0.0, 0.0])
    array([9., 1.])
    """
    validate.choice(form, "form", FORMS, validate.CURVATURE)
    if not hasattr(net, "backward_parts"):
        raise validate.wrong_type(f"net must be an MLP, got {validate.shown(net)}", validate.CURVATURE)
    layers, inputs, delta, c = net.backward_parts(x)
    curvatures = np.empty(np.shape(x))
    slots = net.unpack(curvatures)
    for i in reversed(range(len(layers))):
        h, (slot_W, slot_b) = inputs[i], slots[i]
        np.matmul((h * h).swapaxes(-1, -2), c, out=slot_W)
        np.sum(c, axis=-2, out=slot_b)
        if i:
            W = layers[i][0].swapaxes(-1, -2)
            slope, back = 1 - h * h, delta @ W
            c = slope**2 * (c @ W**2)
            if form == "full":
                c -= 2 * h * slope * back
            delta = back * slope
    return curvatures
