//! How the types that utoipa's macros can't tell look in the OpenAPI document; nothing without the feature `openapi`.

#[cfg(feature = "openapi")]
pub(crate) mod schemas;

/// Says how a type looks, by one of the functions of [`schemas`].
macro_rules! looks {
    ($name:ident => $schema:expr) => {
        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                use $crate::openapi::schemas::*;
                $schema
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}
    };
}
pub(crate) use looks;
