"""Signing in, slowed down for those who guess."""

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _


class SignIn(LoginView):
    template_name = "registration/login.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        keys = _throttle_keys(request)
        if any(int(cache.get(key, 0)) >= settings.LOGIN_FAILURES for key in keys):
            return self._refuse()
        response = super().post(request, *args, **kwargs)
        if not request.user.is_authenticated:
            for key in keys:
                _count_failure(key)
        return response

    def _refuse(self) -> HttpResponse:
        form = self.get_form()
        form.errors.clear()
        minutes = max(1, settings.LOGIN_FAILURE_SECONDS // 60)
        form.add_error(None, _("Too many attempts. Try again in %(minutes)d minutes.") % {"minutes": minutes})
        response = self.render_to_response(self.get_context_data(form=form))
        response.status_code = 429
        response["Retry-After"] = str(settings.LOGIN_FAILURE_SECONDS)
        return response


def _throttle_keys(request: HttpRequest) -> list[str]:
    """Per account and per address: neither many passwords for one nor one password for many."""
    name = request.POST.get("username", "").casefold()[:150]
    return [f"login:name:{name.encode().hex()[:200]}", f"login:address:{request.META.get('REMOTE_ADDR', '')}"]


def _count_failure(key: str) -> None:
    if not cache.add(key, 1, settings.LOGIN_FAILURE_SECONDS):
        try:
            cache.incr(key)
        except ValueError:
            cache.set(key, 1, settings.LOGIN_FAILURE_SECONDS)


class SignOut(LogoutView):
    http_method_names = ("post", "options")
