"""The names by which allauth finds its pages, as an applicant's; ``config.applicant_urls`` says where they hold."""

from django.urls import path
from django.views.generic import RedirectView

from casework.portal.views import second_factor, sign_in

_TO_SIGN_IN = RedirectView.as_view(pattern_name="portal:sign_in", query_string=True)

urlpatterns = [
    path("login/", _TO_SIGN_IN, name="account_login"),
    path("reauthenticate/", RedirectView.as_view(pattern_name="portal:again"), name="account_reauthenticate"),
    path("second-step/", second_factor.authenticate, name="mfa_authenticate"),
    path("second-factor/", second_factor.second_factor, name="mfa_index"),
    path("second-factor/app/", second_factor.activate_totp, name="mfa_activate_totp"),
    path("second-factor/app/remove/", second_factor.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-factor/recovery/", second_factor.recovery_codes, name="mfa_view_recovery_codes"),
    path("second-factor/recovery/new/", second_factor.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("second-factor/keys/", second_factor.keys, name="mfa_list_webauthn"),
    path("second-factor/keys/add/", second_factor.add_key, name="mfa_add_webauthn"),
    path("second-factor/keys/<int:pk>/remove/", second_factor.remove_key, name="mfa_remove_webauthn"),
    path("second-factor/keys/<int:pk>/name/", second_factor.rename_key, name="mfa_edit_webauthn"),
    path("sign-on/<slug:provider_id>/", sign_in.province, name="openid_connect_login"),
    path("sign-on/<slug:provider_id>/back/", sign_in.province_back, name="openid_connect_callback"),
    path("sign-on/province/cancelled/", sign_in.no_province, name="socialaccount_login_cancelled"),
    path("sign-on/province/error/", sign_in.no_province, name="socialaccount_login_error"),
    path("sign-on/province/unknown/", sign_in.no_province, name="socialaccount_signup"),
]
