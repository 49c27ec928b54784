DROP VIEW identity.team_access;
DROP TABLE identity.idempotency_keys, identity.signing_keys, identity.invitations, identity.refresh_tokens,
    identity.sessions, identity.members, identity.teams, identity.users;
