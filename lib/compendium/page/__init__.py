"""How a page is read: its files, its tables, the forms of its numbers, and what a scan lost."""
