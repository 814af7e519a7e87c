"""What is called: every public function, class and method of `housing`, as `arguments` has it."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from arguments import ELEMENTWISE, OTHERS, POINTS, RECEIVERS, VALUES
from models import MODELS

import housing
from housing import interpolation, plots

#: Not called, nor are their methods, and why.
NOT_CALLED = {
    "distribution.Histogram": "sums, which its own tests make of every kind of household",
    "distribution.Mean": "sums, which its own tests make of every kind of household",
    "pricing.InfeasibleError": "raised, not called",
    "pricing.RentalProject.built_first": "hands on what it is given to the class, which is called",
    "register.Assessment": "a result",
    "register.Comparison": "a result",
    "register.Marginal": "a result",
    "register.Problems": "a list in a result",
    "register.Summary": "a result",
    "register.Tally": "sums of the register's own columns",
    "interpolation.InverseDistance.set_params": "stores what it is given; `fit` looks at it",
    **dict.fromkeys(
        [f"sensitivity.{name}" for name in ("Pair", "Spread", "Tipping")],
        "a result",
    ),
    **dict.fromkeys(
        [f"plots.{name}" for name in plots.__all__],
        "draws; axes are no answer that a call can be held against",
    ),
    "command.main": "a command; its own tests run it",
    "report.Report": "shows a result, which no number is",
    "pricing.linear": "checks an argument for others, and is told its name",
    "pricing.LinearFunction.require_labels": "checks an argument for others, and is told its name",
}
#: Arguments that are not given, and why.
NOT_GIVEN = {
    "register.assess": {
        "out": "a folder would be written",
        **dict.fromkeys(["overwrite", "resume"], "they are for that folder"),
        **dict.fromkeys(["encoding", "delimiter"], "it is for a CSV file"),
        "most_problems": "it is for a register in parts",
    },
    "register.compare": {"encoding": "it is for a CSV file", "delimiter": "it is for a CSV file"},
    "register.marginal": {"encoding": "it is for a CSV file", "delimiter": "it is for a CSV file"},
}
#: Functions whose results may be infinite or NaN, and when; their docstrings say so.
WITHOUT_END = {
    "mortgage.annuity_factor": "inf where too large for a float, at rates far below zero",
    "mortgage.years_to_repay": "inf where the payment does not exceed the interest",
    "instruments.years_to_clear": "inf where something is owed at the end",
    "maintenance.exhausted_in": "inf where the fund pays for the whole schedule",
    "stock.growth_rates": "NaN for the first year",
    "subsidy.rental_income_limit": "inf where the household pays nothing itself",
    "subsidy.purchase_income_limit": "inf where the household pays nothing itself",
    "oversight.collection_states": "NaN for the threshold where there is one state",
    "oversight.tipping_subsidies": "NaN where there is one state",
    "oversight.tipping_efforts": "NaN where there is one state, -inf below any float",
    "oversight.deterrent_detection": "inf where subletting pays even if it is always detected",
    "pricing.expert_weights": "NaN where every expert scores all criteria alike",
    "policy.Policy": "inf as the income limit of a last class without",
    "register.assess": "NaN where a row is invalid",
    "register.marginal": "NaN where a row is invalid, or a cell counts fewer than five households",
    "register.compare": "NaN where a cell counts fewer than five households",
}
#: Refusals that are no ValueError: of a file that is not there, its name is told.
REFUSALS = {"policy.load_policy": OSError}
#: Methods of a register's columns, which may be empty or lack entries.
OF_COLUMNS = {"policy.Policy.area_of", "policy.Policy.class_of"}
#: Warnings that are documented.
WARNINGS = {
    "register.assess": "are left out of every total|class is left aside",
    "register.marginal": "are left out of every total",
    "register.compare": "are left out of every total",
    "interpolation.InverseDistance": "all points are used",
    "interpolation.InverseDistance.fit": "all points are used|the mean is used",
}


@dataclass(frozen=True, eq=False)
class Target:
    """A public callable with arguments that it takes."""

    name: str
    function: Callable[..., Any]
    valid: dict[str, Any] = field(repr=False)
    #: Arguments whose entries are answered one by one.
    each: tuple[str, ...] = field(repr=False)
    #: What a method is called on.
    receiver: Any = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.owner and self.receiver is None:
            made, numbers = RECEIVERS[self.owner]
            object.__setattr__(self, "receiver", made(**numbers))

    @property
    def module(self) -> str:
        """The module, or the package, that it is imported from."""
        return self.name.split(".")[0]

    @property
    def owner(self) -> str:
        """The class that a method belongs to; nothing for a function or a class."""
        return self.function.__qualname__.rpartition(".")[0]

    @cached_property
    def parameters(self) -> list[str]:
        """What its arguments are called, and those of what a method is called on."""
        names = [*inspect.signature(self.function).parameters]
        if self.owner:
            names += [*inspect.signature(type(self.receiver)).parameters, *RECEIVERS[self.owner][1]]
        return [name for name in names if name != "self"]

    def call(self, arguments: Mapping[str, Any]) -> Any:
        """Call it, a method on an object that it belongs to."""
        if self.owner:
            return getattr(self.receiver, self.function.__name__)(**arguments)
        made = self.function(**arguments)
        # As in scikit-learn, the parameters are looked at where they are used.
        if isinstance(made, interpolation.InverseDistance):
            return made.fit(POINTS, VALUES).predict([[0.0, 1.0], [0.0, 2.0]])
        return made


def _home(function: Callable[..., Any]) -> str:
    """Return the module's name as a user imports it, such as pricing for pricing.letting."""
    return function.__module__.removeprefix("housing.").split(".")[0]


def targets() -> list[Target]:
    """Return all of them, in the order of their names."""
    found = [
        Target(f"{_home(function)}.{function.__qualname__}", function, dict(valid), tuple(each))
        for function, (valid, each) in OTHERS.items()
    ]
    elementwise = {model: valid for model, valid in MODELS.items() if not hasattr(model, "func")}
    for function, valid in {**elementwise, **ELEMENTWISE}.items():
        each = tuple(name for name, value in valid.items() if not isinstance(value, str))
        found.append(Target(f"{_home(function)}.{function.__name__}", function, valid, each))
    found += _exemplified({target.name for target in found})
    return sorted(found, key=lambda target: target.name)


def _exemplified(known: set[str]) -> Iterator[Target]:
    """Yield the functions that nothing above names, each called as its own example calls it."""
    for part in pkgutil.iter_modules(housing.__path__, "housing."):
        if part.name.startswith("housing._"):
            continue
        module = importlib.import_module(part.name)
        for function in (getattr(module, name) for name in getattr(module, "__all__", ())):
            if not inspect.isfunction(function):
                continue
            name = f"{_home(function)}.{function.__name__}"
            if name not in known and name not in NOT_CALLED:
                yield Target(name, function, _example(function), ())


def _example(function: Callable[..., Any]) -> dict[str, Any]:
    """Return the arguments of the first example of a docstring that are all plain values."""
    for example in doctest.DocTestParser().get_examples(inspect.getdoc(function) or ""):
        for node in ast.walk(ast.parse(example.source)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == function.__name__:
                try:
                    given = [ast.literal_eval(value) for value in node.args]
                    named = {word.arg: ast.literal_eval(word.value) for word in node.keywords}
                except ValueError:
                    continue
                return dict(inspect.signature(function).bind(*given, **named).arguments)
    raise LookupError(f"{function.__name__} has no example with plain values: name a valid call")


def _is_method(thing: Any) -> bool:
    return inspect.isfunction(thing) or inspect.ismethod(thing)


def public() -> set[str]:
    """Return the name of every public function, class and method of the library.

    Properties take nothing, and named tuples are results.
    """
    names = set()
    for part in pkgutil.walk_packages(housing.__path__, "housing."):
        if "._" in part.name:
            continue
        module = importlib.import_module(part.name)
        for thing in (getattr(module, name) for name in module.__all__):
            if not callable(thing) or (inspect.isclass(thing) and issubclass(thing, tuple)):
                continue
            name = f"{_home(thing)}.{thing.__name__}"
            names.add(name)
            if inspect.isclass(thing):
                names |= {f"{name}.{method}" for method, _ in inspect.getmembers(thing, _is_method)}
    return {name for name in names if not name.rpartition(".")[2].startswith("_")}
