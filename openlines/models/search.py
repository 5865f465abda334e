from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from openlines.models.dialog import Dialog
from openlines.models.message import Message


class SearchWord(models.Model):
    """A word that somebody wrote once, and what it is reduced to; nothing for words that everybody always uses.

    Parts of words are looked for here, among hundreds of thousands, instead of in millions of messages. Frequent words
    come early, since they were met early.
    """

    word = models.CharField(max_length=40)
    lexeme = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("word")
        verbose_name_plural = _("words")
        constraints: ClassVar = [models.UniqueConstraint(fields=["word"], name="a_word_is_kept_once")]
        indexes: ClassVar = [
            GinIndex(OpClass("word", name="gin_trgm_ops"), name="parts_of_words", fastupdate=False),
            models.Index(fields=["lexeme"], name="words_by_lexeme"),
        ]

    def __str__(self) -> str:
        return self.word


class SearchEntry(models.Model):
    """The lexemes of a message and, as lexemes of their own, the blocks of ids that it belongs to.

    Nothing here is the only copy of anything: see ``openlines.services.indexing``. Rows point at others without a
    constraint, which would lock each message once more to check what is looked at again by every search.
    """

    message = models.OneToOneField(
        Message, primary_key=True, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    dialog = models.ForeignKey(Dialog, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    written_at = models.DateTimeField(db_index=True)
    document = SearchVectorField()

    class Meta:
        verbose_name = _("message in the search")
        verbose_name_plural = _("messages in the search")
        indexes: ClassVar = [GinIndex(fields=["document"], name="messages_by_words")]


class SearchChange(models.Model):
    """A message was edited or deleted. Each time has a row of its own: one that is being worked off comes too late for
    the next change."""

    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        verbose_name = _("change for the search")
        verbose_name_plural = _("changes for the search")


class SearchState(models.Model):
    """How far the search has got; one row."""

    indexed_to = models.BigIntegerField(default=0)
    # What was there before the search came: from here down to the beginning.
    history_from = models.BigIntegerField(default=0)
    # Ids that were not there when their neighbours were: [first, last, transaction that ends the wait].
    awaited = models.JSONField(default=list)

    class Meta:
        verbose_name = _("state of the search")
        verbose_name_plural = _("state of the search")
