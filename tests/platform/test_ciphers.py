"""AES-256-GCM and SM4-GCM side by side: published vectors, what a key's name says, from one to the other."""

import base64
from io import StringIO

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import ECB
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models
from pytest_django import Settings

from casework.actions.reseal import COLUMNS
from casework.models import Applicant, Draft, WebhookEndpoint
from casework.models.sealing import Sm4Gcm, is_of_first_key, seal, unseal
from tests.cast import RESIDENT_NUMBER, Cast, registered
from tests.check import PRODUCTION
from tests.conftest import AS_OF
from tests.platform.test_settings import manage

#: GB/T 32907-2016, annex A.1: key and text are the same.
BLOCK = bytes.fromhex("0123456789abcdeffedcba9876543210")
AES, SM, OTHER = b"a" * 32, b"s" * 16, b"o" * 16


def test_sm4_is_the_standards() -> None:
    encryptor = Cipher(SM4(BLOCK), ECB()).encryptor()
    assert (encryptor.update(BLOCK) + encryptor.finalize()).hex() == "681edf34d206965e86b3e94f536e4246"


def test_sm4_gcm_is_that_of_rfc_8998() -> None:
    """RFC 8998, appendix A.1."""
    nonce = bytes.fromhex("00001234567800000000abcd")
    beside = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    text = bytes.fromhex("".join(letter * 16 for letter in "abcdefea"))
    sealed = bytes.fromhex(
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )
    assert Sm4Gcm(BLOCK).encrypt(nonce, text, beside) == sealed
    assert Sm4Gcm(BLOCK).decrypt(nonce, sealed, beside) == text


@pytest.mark.parametrize("keys", [{"2026": AES}, {"sm4-2026": SM}], ids=["aes", "sm4"])
def test_whoever_changes_a_bit_or_the_purpose_gets_nothing(keys: dict[str, bytes], settings: Settings) -> None:
    settings.IDENTITY_KEYS = keys
    sealed = seal(RESIDENT_NUMBER, "identity")
    assert RESIDENT_NUMBER.encode() not in sealed
    assert unseal(sealed, "identity") == RESIDENT_NUMBER
    with pytest.raises(InvalidTag):
        unseal(sealed, "draft")
    for place in range(4, len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(InvalidTag):
            unseal(bytes(changed), "identity")
    for length in (16, 20, 31, len(sealed) - 1):
        with pytest.raises(InvalidTag):
            unseal(sealed[:length], "identity")


def test_the_first_key_seals_with_its_own_cipher_and_all_open(settings: Settings) -> None:
    settings.IDENTITY_KEYS = {"2026": AES}
    before = seal("甲", "identity")
    settings.IDENTITY_KEYS = {"sm4-2027": SM, "2026": AES}
    after = seal("乙", "identity")
    assert Sm4Gcm(SM).decrypt(after[4:16], after[16:], b"identity").decode() == "乙"
    assert (unseal(before, "identity"), unseal(after, "identity")) == ("甲", "乙")
    assert (is_of_first_key(before), is_of_first_key(after)) == (False, True)
    settings.IDENTITY_KEYS = {"sm4-2027": SM}
    with pytest.raises(LookupError):
        unseal(before, "identity")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old", "new"),
    [({"2026": AES}, {"sm4": SM}), ({"sm4": SM}, {"2026": AES}), ({"SM4-1": SM}, {"sm4-2": OTHER})],
    ids=["to sm4", "from sm4", "within sm4"],
)
def test_everything_goes_over_to_the_new_key_and_the_old_one_is_not_needed(
    players: Cast, settings: Settings, old: dict[str, bytes], new: dict[str, bytes]
) -> None:
    settings.IDENTITY_KEYS = old
    registered(players, on=AS_OF.date())
    applicant = Applicant.objects.get()
    applicant.identity_number = RESIDENT_NUMBER
    applicant.save()
    draft = Draft.open(at=AS_OF, agency=players.dongshan)
    draft.keep({"content": "写到一半"}, at=AS_OF)
    endpoint = WebhookEndpoint(agency=players.dongshan, url="https://example.cn/", created_at=AS_OF)
    endpoint.rotate("whsec_1", at=AS_OF)
    endpoint.rotate("whsec_2", at=AS_OF)
    endpoint.save()
    factor = Authenticator.objects.create(
        user=players.wang, type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt("JBSWY3DP")}
    )
    found = applicant.identity_index

    settings.IDENTITY_KEYS = new | old
    call_command("reseal", stdout=(told := StringIO()))
    assert f"Sealed anew with {next(iter(new))}: 6." in told.getvalue()
    settings.IDENTITY_KEYS = new
    applicant.refresh_from_db()
    endpoint.refresh_from_db()
    factor.refresh_from_db()
    assert applicant.identity_number == RESIDENT_NUMBER
    assert applicant.identity_index == found
    assert Draft.objects.get(pk=draft.pk).answers == {"content": "写到一半"}
    assert endpoint.secrets_at(AS_OF) == ("whsec_2", "whsec_1")
    assert get_adapter().decrypt(factor.data["secret"]) == "JBSWY3DP"
    call_command("reseal", stdout=(again := StringIO()))
    assert f"Sealed anew with {next(iter(new))}: 0." in again.getvalue()


@pytest.mark.django_db
def test_a_key_that_was_thrown_away_too_early_is_missed_aloud(players: Cast, settings: Settings) -> None:
    settings.IDENTITY_KEYS = {"gone": AES}
    draft = Draft.open(at=AS_OF, agency=players.dongshan)
    stored = bytes(Draft.objects.get(pk=draft.pk).sealed or b"")
    settings.IDENTITY_KEYS = {"sm4": SM}
    with pytest.raises(CommandError, match="No key opens 1 others"):
        call_command("reseal")
    assert bytes(Draft.objects.get(pk=draft.pk).sealed or b"") == stored


def test_every_sealed_column_goes_over() -> None:
    sealed = {
        (model._meta.label, column.name)
        for model in apps.get_models()
        for column in model._meta.get_fields()
        if isinstance(column, models.BinaryField) and "sealed" in column.name
    }
    assert sealed == {(label, column) for label, columns in COLUMNS.items() for column in columns}


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ("sm4:" + base64.b64encode(bytes(32)).decode(), "IDENTITY_KEYS (sm4) must be 16 bytes"),
        ("2026:" + base64.b64encode(bytes(16)).decode(), "IDENTITY_KEYS (2026) must be 32 bytes"),
        (",".join(["a:" + base64.b64encode(bytes(32)).decode()] * 2), "'a' is none, or given twice"),
        (base64.b64encode(bytes(32)).decode(), "must be 32 bytes"),
        (" , ", "There is no key in IDENTITY_KEYS"),
    ],
)
def test_a_key_that_does_not_fit_its_name_is_refused_at_start(keys: str, sentence: str, tmp_path: object) -> None:
    told = manage("check", **{**PRODUCTION, "IDENTITY_KEYS": keys, "VAR_DIR": str(tmp_path)})
    assert told.returncode != 0
    assert sentence in told.stderr
    assert "Traceback" not in told.stderr


def test_a_server_starts_with_a_key_of_each(tmp_path: object) -> None:
    keys = f"SM4-2027:{base64.b64encode(bytes(16)).decode()},2026:{base64.b64encode(bytes(32)).decode()}"
    told = manage("check", **{**PRODUCTION, "IDENTITY_KEYS": keys, "VAR_DIR": str(tmp_path)})
    assert told.returncode == 0, told.stderr
