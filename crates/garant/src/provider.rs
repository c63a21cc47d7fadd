//! The identity provider people may sign in by, as the operator names it.

use crate::error::{Exit, Failure};
use crate::house::{AUTHORITY_BYTES_MAX, first_line};
use crate::{input, system};
use kernel::Secret;
use office::accounts::{Oidc, OidcSettings};
use std::path::PathBuf;
use std::sync::Arc;

/// The identity provider.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Identity provider (OpenID Connect)")]
pub(crate) struct ProviderArgs {
    /// Its issuer, as it names itself: https://id.example.org/realms/staff
    #[arg(long, env = "GARANT_OIDC_ISSUER", value_name = "URL", requires = "oidc_client_id")]
    oidc_issuer: Option<String>,
    /// Our client id there
    #[arg(long, env = "GARANT_OIDC_CLIENT_ID", value_name = "ID")]
    oidc_client_id: Option<String>,
    /// A file whose first line is our client secret [else GARANT_OIDC_CLIENT_SECRET]
    #[arg(long, env = "GARANT_OIDC_CLIENT_SECRET_FILE", value_name = "FILE")]
    oidc_client_secret_file: Option<PathBuf>,
    /// It asks everybody for a second factor: ours is then not asked for
    #[arg(long, env = "GARANT_OIDC_DEMANDS_FACTOR")]
    oidc_demands_factor: bool,
    /// A value of `acr` by which it says that a second factor was shown. Give it once for each
    #[arg(long = "oidc-factor-acr", env = "GARANT_OIDC_FACTOR_ACR", value_delimiter = ',', value_name = "ACR", default_values = ["phr", "phrh"])]
    oidc_factor_acr: Vec<String>,
    /// Another origin its endpoints may be at; else only the issuer's own is asked. Give it once for each
    #[arg(long = "oidc-origin", env = "GARANT_OIDC_ORIGINS", value_delimiter = ',', value_name = "URL")]
    oidc_origins: Vec<String>,
    /// A file with the certificate of your own authority (PEM), to trust beside the usual ones
    #[arg(long, env = "GARANT_OIDC_AUTHORITY", value_name = "FILE")]
    oidc_authority: Option<PathBuf>,
}

impl ProviderArgs {
    /// The provider, if one is named; nothing is asked of it yet.
    pub(crate) fn oidc(&self) -> Result<Option<Arc<Oidc>>, Failure> {
        let (Some(issuer), Some(client_id)) = (&self.oidc_issuer, &self.oidc_client_id) else { return Ok(None) };
        let client_secret = match &self.oidc_client_secret_file {
            Some(path) => first_line(path)?,
            None => Secret::new(system::variable("GARANT_OIDC_CLIENT_SECRET").unwrap_or_default()),
        };
        let authority = self.oidc_authority.as_ref().map(|path| input::read(path, AUTHORITY_BYTES_MAX)).transpose()?;
        let settings = OidcSettings {
            issuer: issuer.clone(),
            client_id: client_id.clone(),
            client_secret,
            demands_factor: self.oidc_demands_factor,
            factor_acr: self.oidc_factor_acr.clone(),
            origins: self.oidc_origins.clone(),
            authority: authority.map(|file| file.bytes),
        };
        let oidc = Oidc::new(settings).map_err(|error| {
            Failure::words(
                Exit::Usage,
                [error.to_string(), format!("fournisseur d'identité : {error}")],
                [
                    "write --oidc-issuer https://id.example.org, --oidc-client-id and --oidc-client-secret-file",
                    "écrivez --oidc-issuer https://id.exemple.fr, --oidc-client-id et --oidc-client-secret-file",
                ],
            )
        })?;
        Ok(Some(Arc::new(oidc)))
    }
}
