"""What a batch run has spent and reserved, kept beside its limit in the transaction that sends or settles."""

from decimal import Decimal

from sqlalchemy import Connection, bindparam, case, func, select, update

from decomposer.errors import BudgetReached, CatalogError
from decomposer.store.tables import Money, attempts, runs

# Built once: these run with every request.
_THIS = runs.c.id == bindparam("at")
_MOST = select(runs.c.max_cost_usd).where(_THIS)
_TAKEN = runs.c.reserved_usd + bindparam("estimate", type_=Money)
_RESERVE = update(runs).where(_THIS, runs.c.spent_usd + _TAKEN <= runs.c.max_cost_usd).values(reserved_usd=_TAKEN)
_SETTLE = (
    update(runs)
    .where(_THIS, runs.c.max_cost_usd.is_not(None))
    .values(
        spent_usd=runs.c.spent_usd + bindparam("cost", type_=Money),
        reserved_usd=runs.c.reserved_usd - bindparam("held", type_=Money),
    )
)


def limit(connection: Connection, run: int, most: Decimal | None) -> None:
    """Set what a run may spend in all; None lifts the limit. One that had none is added up from the ledger."""
    this = runs.c.id == run
    before = connection.scalar(select(runs.c.max_cost_usd).where(this).with_for_update())
    if most is not None and before is None:
        spent, reserved = _added_up(connection, run)
        connection.execute(update(runs).where(this).values(spent_usd=spent, reserved_usd=reserved))
    connection.execute(update(runs).where(this).values(max_cost_usd=most))


def reserve(connection: Connection, run: int, estimate: Decimal | None) -> None:
    """Set aside the most that a request may cost. Raises BudgetReached where the run has a limit and it would go over.

    A run without a limit is not even locked, so that its requests never wait for each other.
    """
    row = connection.execute(_MOST, {"at": run}).first()
    if row is None:
        raise CatalogError(f"there is no run {run}", hint="`decomposer batch status` lists the runs")
    if row.max_cost_usd is None:
        return
    if estimate is None:
        raise BudgetReached(
            f"run {run}: nobody knows what the next request may cost, and the run has a limit",
            hint="give the price of the model, or run without --max-cost",
        )
    if not connection.execute(_RESERVE, {"at": run, "estimate": estimate}).rowcount:
        now = connection.execute(select(runs).where(runs.c.id == run)).one()
        raise BudgetReached(
            f"run {run}: of ${now.max_cost_usd:f}, ${now.spent_usd:f} is spent and ${now.reserved_usd:f} reserved, "
            f"and the next request may cost ${estimate:f}",
            hint="raise --max-cost and run the same command again",
        )


def settle(connection: Connection, run: int, reserved: Decimal | None, cost: Decimal | None) -> None:
    """Turn a reservation into what the request did cost; nothing happens where the run has no limit."""
    held = Decimal(0) if reserved is None else reserved
    connection.execute(_SETTLE, {"at": run, "held": held, "cost": held if cost is None else cost})


def _added_up(connection: Connection, run: int) -> tuple[Decimal, Decimal]:
    known_or_most = func.coalesce(attempts.c.cost_usd, attempts.c.estimated_usd)
    paid = case((attempts.c.state != "sent", known_or_most))
    waiting = case((attempts.c.state == "sent", attempts.c.estimated_usd))
    sums = select(func.sum(paid, type_=Money).label("spent"), func.sum(waiting, type_=Money).label("reserved"))
    row = connection.execute(sums.where(attempts.c.run == run)).one()
    return row.spent or Decimal(0), row.reserved or Decimal(0)
