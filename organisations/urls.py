"""Sign-in, people, units, access log, one's own profile."""

from django.urls import path

from organisations.views import access_log, accounts, contacts, posts, profile, signing_in, units

app_name = "organisations"
urlpatterns = [
    path("sign-in/", signing_in.sign_in, name="sign-in"),
    path("sign-in/code/", signing_in.sign_in_code, name="sign-in-code"),
    path("sign-out/", signing_in.sign_out, name="sign-out"),
    path("session/keep/", signing_in.keep, name="keep"),
    path("profile/", profile.profile, name="profile"),
    path("profile/password/", profile.password, name="password"),
    path("profile/second-factor/", profile.second_factor, name="second-factor"),
    path("profile/second-factor/code.svg", profile.second_factor_code, name="second-factor-code"),
    path("profile/second-factor-removal/", profile.remove_second_factor, name="second-factor-remove"),
    path("profile/appearance/", profile.appearance, name="appearance"),
    path("profile/keys/", profile.keys, name="keys"),
    path("profile/keys/standard/", profile.standard_keys, name="standard-keys"),
    path("profile/token/", profile.make_token, name="token"),
    path("profile/token/revoke/", profile.revoke_token, name="token-revoke"),
    path("contacts/", contacts.contacts, name="contacts"),
    path("absence/", contacts.absence, name="absence"),
    path("absence/<int:absence_id>/end/", contacts.come_back, name="absence-end"),
    path("hand-over/<int:user_id>/", contacts.hand_over, name="hand-over"),
    path("lookups/people/", contacts.lookup_people, name="lookup-people"),
    path("people/", accounts.accounts_list, name="people"),
    path("people/new/", accounts.account_new, name="account-new"),
    path("people/<int:user_id>/", accounts.account, name="account"),
    path("people/<int:user_id>/deactivate/", accounts.account_deactivate, name="account-deactivate"),
    path("people/<int:user_id>/activate/", accounts.account_activate, name="account-activate"),
    path("people/<int:user_id>/reset/", accounts.account_reset, name="account-reset"),
    path("people/<int:user_id>/unlock/", accounts.account_unlock, name="account-unlock"),
    path("people/<int:user_id>/second-factor/", accounts.account_reset_factor, name="account-reset-factor"),
    path("units/", units.units_list, name="units"),
    path("units/new/", units.unit_new, name="unit-new"),
    path("units/<int:unit_id>/", units.unit, name="unit"),
    path("units/<int:unit_id>/move/", units.unit_move, name="unit-move"),
    path("units/<int:unit_id>/close/", units.unit_close, name="unit-close"),
    path("posts/", posts.posts_list, name="posts"),
    path("posts/new/", posts.post_new, name="post-new"),
    path("posts/absences/", posts.absences, name="absences"),
    path("posts/<int:post_id>/end/", posts.post_end, name="post-end"),
    path("policies/", posts.policies, name="policies"),
    path("policies/<str:role>/", posts.policy, name="policy"),
    path("access-log/", access_log.entries, name="access-log"),
]
