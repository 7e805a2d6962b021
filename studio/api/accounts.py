"""Accounts, sessions of people (JWT), and tokens of scripts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Sum
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import RefreshToken
from rest_framework_simplejwt.views import TokenObtainPairView, TokenRefreshView

from dailies.models import Review
from media_pipeline.runs.models import Run
from projects.fields import MoneyField
from projects.models import Membership, PersonDaySpending
from scenes.models import Take

from .access import SCOPES, MayUseRecords
from .models import ApiToken, issue_token


class Registration(serializers.Serializer):
    """A new account."""

    username = serializers.CharField(max_length=150, validators=[get_user_model().username_validator])
    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=128, write_only=True)

    def validate_username(self, name: str) -> str:
        """Names are unique whatever their case."""
        if get_user_model().objects.filter(username__iexact=name).exists():
            raise serializers.ValidationError("This name is taken.")
        return name


class Register(APIView):
    """Make an account, where the site lets people do so."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    throttle_scope = "login"

    @extend_schema(request=Registration, responses={201: OpenApiTypes.OBJECT})
    @transaction.atomic
    def post(self, request: Request) -> Response:
        """An account without any production."""
        if not settings.ALLOW_REGISTRATION:
            raise PermissionDenied("Accounts are made by the site's administrators here.")
        checked = Registration(data=request.data)
        checked.is_valid(raise_exception=True)
        sent = checked.validated_data
        person = get_user_model()(username=sent["username"], email=sent["email"])
        try:
            validate_password(sent["password"], person)
        except Exception as problem:
            raise serializers.ValidationError({"password": getattr(problem, "messages", [str(problem)])}) from problem
        person.set_password(sent["password"])
        person.save()
        return Response({"username": person.username}, status=201)


class RefreshSent(serializers.Serializer):
    """The refresh token of the session that ends."""

    refresh = serializers.CharField(max_length=2000)


class Login(TokenObtainPairView):
    """Begin a JWT session with a name and a password."""

    throttle_scope = "login"


class Refresh(TokenRefreshView):
    """Go on with a JWT session; the refresh token that was sent has ended."""

    throttle_scope = "login"


class Logout(APIView):
    """End a JWT session."""

    permission_classes = [MayUseRecords]

    @extend_schema(request=RefreshSent, responses={204: None})
    def post(self, request: Request) -> Response:
        """Its refresh token opens nothing any more."""
        checked = RefreshSent(data=request.data)
        checked.is_valid(raise_exception=True)
        try:
            RefreshToken(checked.validated_data["refresh"]).blacklist()
        except TokenError as problem:
            raise serializers.ValidationError(
                {"refresh": "This refresh token is not one of ours, or has ended."}
            ) from problem
        return Response(status=204)


class Me(APIView):
    """Oneself."""

    permission_classes = [MayUseRecords]

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """Name, productions with roles, and totals."""
        person = request.user
        memberships = Membership.objects.filter(person=person).select_related("project").order_by("project__title")
        spent = PersonDaySpending.objects.filter(person=person).aggregate(
            sum=Sum("committed", output_field=MoneyField())
        )
        return Response({
            "username": person.username, "email": person.email, "name": person.get_full_name(),
            "productions": [{"slug": m.project.slug, "title": m.project.title, "role": m.role} for m in memberships],
            "totals": {
                "productions": len(memberships),
                "takes": Take.objects.filter(created_by=person).count(),
                "decisions": Review.objects.filter(person=person, undone_at=None).count(),
                "runs": Run.objects.filter(requested_by=person, parent=None).count(),
                "committed": str(spent["sum"] or 0),
            },
        })  # fmt: skip


class TokenWanted(serializers.Serializer):
    """A token to be made."""

    name = serializers.CharField(max_length=120)
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=SCOPES), min_length=1, max_length=len(SCOPES))
    expires_at = serializers.DateTimeField(required=False, allow_null=True, default=None)

    def validate_expires_at(self, moment: Any) -> Any:
        """A token that has expired opens nothing."""
        if moment is not None and moment <= timezone.now():
            raise serializers.ValidationError("This moment has passed.")
        return moment


class TokenShown(serializers.ModelSerializer):
    """A token, without the token."""

    class Meta:
        model = ApiToken
        fields = ("id", "name", "scopes", "created_at", "expires_at", "revoked_at", "last_used_at")
        read_only_fields = fields


class Tokens(APIView):
    """One's tokens for scripts."""

    permission_classes = [MayUseRecords]

    @extend_schema(responses=TokenShown(many=True))
    def get(self, request: Request) -> Response:
        """All of them, those that opened something last first."""
        return Response(TokenShown(ApiToken.objects.filter(person=request.user), many=True).data)

    @extend_schema(request=TokenWanted, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request) -> Response:
        """Make one: the answer is the only place where it can be read."""
        if isinstance(request.auth, ApiToken):
            raise PermissionDenied("A token cannot make tokens: log in.")
        checked = TokenWanted(data=request.data)
        checked.is_valid(raise_exception=True)
        token, secret = issue_token(request.user, **checked.validated_data)
        return Response(TokenShown(token).data | {"token": secret}, status=201)


class RevokeToken(APIView):
    """Take a token back."""

    permission_classes = [MayUseRecords]

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """From this moment it opens nothing."""
        if not ApiToken.objects.filter(pk=pk, person=request.user, revoked_at=None).update(revoked_at=timezone.now()):
            raise Http404("There is no such token of yours.")
        return Response(status=204)
