"""Reception days, their slots, bookings and waiting list: meet directly, book at any time, get problems solved."""
