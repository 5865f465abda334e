from tests.providers.conftest import simulator, telegram, telegram_account, telegram_anna, telegram_bot

__all__ = ["simulator", "telegram", "telegram_account", "telegram_anna", "telegram_bot"]
