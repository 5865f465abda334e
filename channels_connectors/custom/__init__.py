"""Custom channels: any developer connects any source over our REST API, and is called back over a signed webhook."""
