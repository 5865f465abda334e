from django.utils.translation import gettext_lazy as _

from channels_connectors.setup import Field, Setup, Step
from channels_connectors.vk.setup import ADDRESS, SECRET, TOKEN, TOKEN_ADVICE

SETUP = Setup(
    kind="vk_comments",
    title=_("VKontakte: comments"),
    hint=_("Comments below the posts of your community"),
    fields=(
        TOKEN,
        Field(
            name="user_token",
            label=_("Access key of a moderator"),
            hint=_("With it operators can change and delete comments. VKontakte lets no community's key do that."),
            widget="password",
            is_required=False,
            is_advanced=True,
            max_length=512,
        ),
        SECRET,
        ADDRESS,
    ),
    guide=(
        Step(
            title=_("Open the comments"),
            text=_("In VKontakte, open your community, then “Manage”, “Sections”, and choose an open or a limited "
                   "wall: then people can comment on posts."),
        ),
        Step(
            title=_("Make an access key"),
            text=_("Under “Manage”, “API usage”, press “Create key”. Allow it to manage the community and to use its "
                   "wall and files. Confirm it on your telephone, and copy the key. A key that the community's "
                   "messages use already does, too, if it has these rights."),
            picture="settings/channels/guides/vk.svg.html",
            link="https://vk.com/groups?tab=admin",
        ),
        Step(
            title=_("Enter the key here"),
            text=_("Where comments are delivered is set up at VKontakte by this product itself."),
        ),
    ),
    test_hint=_("Write a comment below any post of your community: it appears here."),
    token_advice=TOKEN_ADVICE,
)  # fmt: skip
