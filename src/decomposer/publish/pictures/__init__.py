"""Draw figures as inline SVG, for who would rather look: each picture says the same in words.

Plain shapes are written here and no chart library draws them. Those that were considered (pygal, matplotlib, altair)
bring scripts, `<style>` blocks or style attributes that a strict Content-Security-Policy refuses, or make paths of
text; and none knows a range of what is unknown.

Every picture is one `<svg role="img">` with a title and a description, and is 360 units wide. Texts are texts, nothing
depends on colour, nothing is loaded, and only the title and the description have an id.
"""

from decomposer.publish.pictures.days import over_time
from decomposer.publish.pictures.prices import Priced, price_per_capability
from decomposer.publish.pictures.ranks import rank_bars
from decomposer.publish.pictures.sets import two_sets

__all__ = ["Priced", "over_time", "price_per_capability", "rank_bars", "two_sets"]
