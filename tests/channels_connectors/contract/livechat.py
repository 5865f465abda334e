from tests.channels_connectors.contract.own import OwnDriver


class LivechatDriver(OwnDriver):
    kind = "livechat"


DRIVER = LivechatDriver
