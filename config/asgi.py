"""The ASGI application: webhooks before Django, sockets through Channels, everything else through Django's WSGI
handler on one bounded thread pool (its own ASGI handler starts a thread per request and costs ten times the CPU)."""

import os
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
wsgi = get_wsgi_application()

from channels.auth import AuthMiddlewareStack  # noqa: E402 - needs the apps loaded
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.conf import settings  # noqa: E402
from django.urls import get_resolver  # noqa: E402

from channels_connectors.livechat.routing import websocket_urlpatterns as visitor_sockets  # noqa: E402
from channels_connectors.webhooks import Webhooks  # noqa: E402
from common.garbage import set_code_aside  # noqa: E402
from common.threaded import ThreadedWsgi  # noqa: E402
from openlines.realtime.routing import websocket_urlpatterns as console_sockets  # noqa: E402

webhooks = Webhooks()
http = ThreadedWsgi(wsgi, threads=settings.HTTP_THREADS)
visitors = URLRouter(visitor_sockets)
staff = AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(console_sockets)))


async def sockets(scope: Any, receive: Any, send: Any) -> None:
    """Visitors come from other people's sites and check their origins themselves."""
    await (visitors if scope["path"].startswith("/ws/chat/") else staff)(scope, receive, send)


routed = ProtocolTypeRouter({"websocket": sockets, "http": http})
# Pages and API are loaded here rather than with the first request.
get_resolver().url_patterns  # noqa: B018 - it is looked up for what that loads
set_code_aside()


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await webhooks.lifespan(receive, send)
    elif scope["type"] == "http" and scope["path"].startswith("/hooks/"):
        await webhooks(scope, receive, send)
    else:
        await routed(scope, receive, send)
