"""The roster workbook: read and checked as a whole, written, compared."""
