"""Every threshold of the language layer, in one place. The curve behind them is in docs/classifier.md."""

from __future__ import annotations

REPORT_OVERHEARD = 0.55  # chance of a report from which an overheard line counts as one
REPORT_ARCHIVE = (
    0.97  # … where all is overheard and one line in a hundred reports: plain words alone (0.96) do not
)
REPORT_LETTER = 0.50  # … and a line in the style of a letter to the authorities
REPORT_ADDRESSED = 0.25  # … and a line that @s the bot
SECOND_PROBLEM = 0.18  # chance from which a second category is a problem of its own
SECOND_STRENGTH = 2.0  # … and the lexicon's own evidence it needs
ACT = 0.80  # confidence from which the bot acts without asking
