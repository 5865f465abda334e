"""Signing in, slowed down for those who guess."""

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView
from django.core.cache import cache
from django.forms.utils import ErrorDict
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

# A whole office may share an address, and a proxy may hide everybody's: many more failures are needed to close those.
FOR_AN_ADDRESS = 10
FOR_AN_ACCOUNT = 5


class SignIn(LoginView):
    template_name = "registration/login.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        limits = _limits(request)
        if any(int(cache.get(key, 0)) >= limit for key, limit in limits.items()):
            return self._refuse()
        response = super().post(request, *args, **kwargs)
        if request.user.is_authenticated:
            cache.delete(next(iter(limits)))
        else:
            for key in limits:
                _count_failure(key)
        return response

    def _refuse(self) -> HttpResponse:
        """Without looking at the password: guessing on shall cost us nothing."""
        form = self.get_form()
        form._errors, form.cleaned_data = ErrorDict(), {}  # type: ignore[attr-defined]
        minutes = max(1, settings.LOGIN_FAILURE_SECONDS // 60)
        form.add_error(None, _("Too many attempts. Try again in %(minutes)d minutes.") % {"minutes": minutes})
        response = self.render_to_response(self.get_context_data(form=form))
        response.status_code = 429
        response["Retry-After"] = str(settings.LOGIN_FAILURE_SECONDS)
        return response


def _limits(request: HttpRequest) -> dict[str, int]:
    """How many failures close what: first of all an account for an address, then either of them alone."""
    name = request.POST.get("username", "").casefold()[:150].encode().hex()[:200]
    address = request.META.get("REMOTE_ADDR", "")
    return {
        f"login:both:{name}:{address}": settings.LOGIN_FAILURES,
        f"login:name:{name}": settings.LOGIN_FAILURES * FOR_AN_ACCOUNT,
        f"login:address:{address}": settings.LOGIN_FAILURES * FOR_AN_ADDRESS,
    }


def _count_failure(key: str) -> None:
    if not cache.add(key, 1, settings.LOGIN_FAILURE_SECONDS):
        try:
            cache.incr(key)
        except ValueError:
            cache.set(key, 1, settings.LOGIN_FAILURE_SECONDS)


class SignOut(LogoutView):
    http_method_names = ("post", "options")
