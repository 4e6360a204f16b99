"""The price list (прайс-лист): what is sold at what price, shown, printed, sent; 1C's catalogue in and out."""
