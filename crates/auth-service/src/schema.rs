// @generated from the migrated database by tests/it/schema.rs; never edited.
// To write it again: TASKHUB_WRITE_SCHEMA=1 cargo nextest run -p auth-service schema

diesel::table! {
    identity.all_members (user_id, team_id) {
        team_id -> Uuid,
        user_id -> Uuid,
        role -> Text,
        joined_at -> Timestamptz,
        left_at -> Nullable<Timestamptz>,
        former_name -> Nullable<Text>,
    }
}

diesel::table! {
    identity.former_members (team_id, user_id) {
        team_id -> Uuid,
        user_id -> Uuid,
        role -> Text,
        joined_at -> Timestamptz,
        left_at -> Timestamptz,
        name -> Nullable<Text>,
    }
}

diesel::table! {
    identity.idempotency_keys (user_id, key) {
        user_id -> Uuid,
        key -> Text,
        request_hash -> Bytea,
        status -> Nullable<Int2>,
        answer -> Nullable<Bytea>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    identity.invitations (id) {
        id -> Uuid,
        team_id -> Uuid,
        email -> Text,
        role -> Text,
        token_hash -> Bytea,
        invited_by -> Uuid,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        accepted_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    identity.live_sessions (id) {
        id -> Uuid,
    }
}

diesel::table! {
    identity.members (team_id, user_id) {
        team_id -> Uuid,
        user_id -> Uuid,
        role -> Text,
        joined_at -> Timestamptz,
    }
}

diesel::table! {
    identity.refresh_tokens (hash) {
        hash -> Bytea,
        session_id -> Uuid,
        created_at -> Timestamptz,
        rotated_at -> Nullable<Timestamptz>,
        successor -> Nullable<Bytea>,
    }
}

diesel::table! {
    identity.sessions (id) {
        id -> Uuid,
        user_id -> Uuid,
        user_agent -> Text,
        created_at -> Timestamptz,
        last_used_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    identity.signing_keys (id) {
        id -> Uuid,
        public_key -> Bytea,
        private_key -> Bytea,
        created_at -> Timestamptz,
        signs_from -> Timestamptz,
        expires_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    identity.team_access (user_id, team_id) {
        user_id -> Uuid,
        team_id -> Uuid,
        role -> Text,
        team_key -> Text,
        team_name -> Text,
        personal -> Bool,
    }
}

diesel::table! {
    identity.teams (id) {
        id -> Uuid,
        key -> Text,
        name -> Text,
        personal_owner -> Nullable<Uuid>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    identity.users (id) {
        id -> Uuid,
        email -> Text,
        name -> Text,
        password_hash -> Text,
        created_at -> Timestamptz,
    }
}

diesel::joinable!(former_members -> teams (team_id));
diesel::joinable!(former_members -> users (user_id));
diesel::joinable!(idempotency_keys -> users (user_id));
diesel::joinable!(invitations -> teams (team_id));
diesel::joinable!(invitations -> users (invited_by));
diesel::joinable!(members -> teams (team_id));
diesel::joinable!(members -> users (user_id));
diesel::joinable!(refresh_tokens -> sessions (session_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(teams -> users (personal_owner));

diesel::allow_tables_to_appear_in_same_query! {
    all_members,
    former_members,
    idempotency_keys,
    invitations,
    live_sessions,
    members,
    refresh_tokens,
    sessions,
    signing_keys,
    team_access,
    teams,
    users,
}
