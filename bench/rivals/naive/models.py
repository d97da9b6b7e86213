from django.db import models


class Household(models.Model):
    """A household with its balance."""

    village_id = models.BigIntegerField(db_index=True)
    number = models.CharField(max_length=20)
    balance = models.BigIntegerField(default=0)

    class Meta:
        app_label = "naive"

    def __str__(self) -> str:
        return self.number


class History(models.Model):
    """One change of a balance, with the same facts as a ledger entry but no proof."""

    village_id = models.BigIntegerField()
    household = models.ForeignKey(Household, models.PROTECT)
    kind = models.CharField(max_length=18)
    points = models.IntegerField()
    category_id = models.BigIntegerField()
    item_id = models.BigIntegerField()
    rulebook_id = models.BigIntegerField()
    occurred_on = models.DateField()
    month = models.CharField(max_length=7)
    source = models.CharField(max_length=160, unique=True)
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by_id = models.BigIntegerField(null=True)

    class Meta:
        app_label = "naive"
        indexes = [models.Index(fields=["village_id", "month"], name="naive_history_by_month")]  # noqa: RUF012

    def __str__(self) -> str:
        return self.source
