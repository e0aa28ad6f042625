# What is imported here is a public name of the package, loaded when it is first used.

from .budget_verdicts import (
    BudgetFinding as BudgetFinding,
    BudgetVerdict as BudgetVerdict,
    check_budgets as check_budgets,
)
from .budgets import Budget as Budget, Waiver as Waiver
from .deltas import (
    CostCause as CostCause,
    CostChange as CostChange,
    CostDelta as CostDelta,
    CostFate as CostFate,
    compare as compare,
)
from .estimates import CostTotal as CostTotal, Estimate as Estimate
from .inventory import Assumptions as Assumptions, ClusterInventory as ClusterInventory
from .lines import CostLine as CostLine, LineStatus as LineStatus
from .prices.book import PriceBook as PriceBook
from .prices.price import Price as Price
from .rollups import CostGroup as CostGroup, groups as groups
from .summaries import CostSummary as CostSummary, estimate as estimate, summary as summary
