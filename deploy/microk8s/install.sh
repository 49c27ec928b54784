#!/usr/bin/env bash
# TaskHub on this machine's MicroK8s, which it installs where it is missing. Run as root, from anywhere in a checkout.
#
#   deploy/microk8s/install.sh                              install or upgrade
#   deploy/microk8s/install.sh --observability              Prometheus and Grafana too
#   deploy/microk8s/install.sh --set ingress.host=…         further words go to helm
#   deploy/microk8s/install.sh --check                      only says what is missing
#
# Environment: MICROK8S_CHANNEL (1.34/stable), for a MicroK8s that isn't there yet; TASKHUB_SKIP_IMAGES=true, when the images
# are in MicroK8s already.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=scripts/lib/say.sh
source scripts/lib/say.sh

OBSERVABILITY=false CHECK=false HELM_WORDS=()
for argument; do
  case $argument in
    -h | --help) say_help && exit ;;
    --observability) OBSERVABILITY=true ;;
    --check) CHECK=true ;;
    *) HELM_WORDS+=("$argument") ;;
  esac
done

# check: says all that is missing before anything is installed or changed.
check() {
  local missing=() memory disk
  memory=$(awk '/^MemTotal:/ { print int($2 / 1024) }' "${MEMINFO:-/proc/meminfo}")
  disk=$(df --output=avail -m / | tail -n 1)
  if ((EUID != 0)); then missing+=('root: run sudo deploy/microk8s/install.sh'); fi
  if ! command -v microk8s >/dev/null && ! command -v snap >/dev/null; then missing+=('snap, which brings MicroK8s: apt-get install snapd'); fi
  if ! ${TASKHUB_SKIP_IMAGES:-false} && ! docker info >/dev/null 2>&1 && ! command -v buildah >/dev/null; then
    missing+=('a running docker, or buildah, to build the images: apt-get install buildah')
  fi
  if ((memory < 3700)); then missing+=("4 GB of memory: this machine has $memory MB"); fi
  if ((disk < 20000)); then missing+=("20 GB of free disk: / has $disk MB"); fi
  if ((${#missing[@]})); then
    printf '   missing: %s\n' "${missing[@]}" >&2
    die 'nothing was installed'
  fi
}

microk8s_install() {
  command -v microk8s >/dev/null || snap install microk8s --classic --channel="${MICROK8S_CHANNEL:-1.34/stable}"
  microk8s status --wait-ready --timeout 300 >/dev/null
  local addon
  for addon in dns hostpath-storage ingress metrics-server; do microk8s enable "$addon"; done
  if $OBSERVABILITY; then microk8s enable observability; fi
}

# The addons are enabled before they run.
microk8s_await() {
  microk8s kubectl -n kube-system rollout status deployment/coredns --timeout=300s
  microk8s kubectl -n kube-system rollout status deployment/hostpath-provisioner --timeout=300s
  microk8s kubectl -n ingress rollout status daemonset --timeout=300s
}

taskhub_install() {
  microk8s helm3 upgrade taskhub helm/taskhub --install --namespace taskhub --create-namespace \
    --values deploy/microk8s/values.yaml --wait --timeout 15m "${HELM_WORDS[@]}"
  microk8s helm3 test taskhub --namespace taskhub || die "$(microk8s kubectl -n taskhub logs taskhub-test)"
}

check
if $CHECK; then say 'nothing is missing' && exit; fi
say_heading 'MicroK8s'
microk8s_install
microk8s_await
if ! ${TASKHUB_SKIP_IMAGES:-false}; then
  say_heading 'Images'
  scripts/images --microk8s
fi
say_heading 'TaskHub'
taskhub_install
