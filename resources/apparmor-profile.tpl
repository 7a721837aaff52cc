# Chromium's sandbox needs user namespaces; systems that restrict them allow them by profile. Nothing else is changed for Hearth.
abi <abi/4.0>,
include <tunables/global>

profile "${executable}" "/opt/${sanitizedProductName}/${executable}" flags=(unconfined) {
  userns,

  include if exists <local/${executable}>
}
