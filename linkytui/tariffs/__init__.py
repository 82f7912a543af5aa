"""What electricity costs: the suppliers' offers, the book that keeps them by date, and the reader of their grids."""

from linkytui.tariffs.book import PriceBook, Span
from linkytui.tariffs.offers import HandPrices, Kind, Offer, OfferKey, Source

__all__ = ["HandPrices", "Kind", "Offer", "OfferKey", "PriceBook", "Source", "Span"]
