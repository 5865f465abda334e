from tests.channels_connectors.contract.own import OwnDriver


class SandboxDriver(OwnDriver):
    kind = "sandbox"


DRIVER = SandboxDriver
