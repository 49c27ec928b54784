# shellcheck shell=bash
# Loads every library; the working directory is the checkout.

# shellcheck source=scripts/lib/say.sh
source scripts/lib/say.sh
# shellcheck source=scripts/lib/places.sh
source scripts/lib/places.sh
# shellcheck source=scripts/lib/packages.sh
source scripts/lib/packages.sh
# shellcheck source=scripts/lib/ports.sh
source scripts/lib/ports.sh
# shellcheck source=scripts/lib/processes.sh
source scripts/lib/processes.sh
# shellcheck source=scripts/lib/secrets.sh
source scripts/lib/secrets.sh
# shellcheck source=scripts/lib/servers.sh
source scripts/lib/servers.sh
# shellcheck source=scripts/lib/postgres.sh
source scripts/lib/postgres.sh
# shellcheck source=scripts/lib/redis.sh
source scripts/lib/redis.sh
# shellcheck source=scripts/lib/rust.sh
source scripts/lib/rust.sh
# shellcheck source=scripts/lib/page.sh
source scripts/lib/page.sh
# shellcheck source=scripts/lib/services.sh
source scripts/lib/services.sh
# shellcheck source=scripts/lib/tools.sh
source scripts/lib/tools.sh
# shellcheck source=scripts/lib/pooler.sh
source scripts/lib/pooler.sh
# shellcheck source=scripts/lib/call.sh
source scripts/lib/call.sh
# shellcheck source=scripts/lib/api-check.sh
source scripts/lib/api-check.sh
# shellcheck source=scripts/lib/monitoring.sh
source scripts/lib/monitoring.sh
# shellcheck source=scripts/lib/chart.sh
source scripts/lib/chart.sh
# shellcheck source=scripts/lib/two-commands.sh
source scripts/lib/two-commands.sh
