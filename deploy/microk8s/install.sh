#!/usr/bin/env bash
# TaskHub on this machine's MicroK8s, which it installs where it is missing. Run as root, from anywhere in a checkout.
#
#   deploy/microk8s/install.sh                              install or upgrade
#   deploy/microk8s/install.sh --observability              Prometheus and Grafana too
#   deploy/microk8s/install.sh --set ingress.host=…         further words go to helm
#
# Environment: MICROK8S_CHANNEL (1.34/stable), for a MicroK8s that isn't there yet; TASKHUB_SKIP_IMAGES=true, when the images
# are in MicroK8s already.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=scripts/lib/say.sh
source scripts/lib/say.sh

OBSERVABILITY=false HELM_WORDS=()
for argument; do
  case $argument in
    -h | --help) say_help && exit ;;
    --observability) OBSERVABILITY=true ;;
    *) HELM_WORDS+=("$argument") ;;
  esac
done

microk8s_install() {
  command -v snap >/dev/null || die 'snap is missing: MicroK8s comes as a snap'
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
    --wait --timeout 15m "${HELM_WORDS[@]}"
  microk8s helm3 test taskhub --namespace taskhub --logs
}

((EUID == 0)) || die 'run this as root: sudo deploy/microk8s/install.sh'
say_heading 'MicroK8s'
microk8s_install
microk8s_await
if ! ${TASKHUB_SKIP_IMAGES:-false}; then
  say_heading 'Images'
  scripts/images --microk8s
fi
say_heading 'TaskHub'
taskhub_install
