"""Services (業務アプリ): what residents and officials use; one folder each, ignorant of one another."""
