// What a browser is told about every page of the explorer: nothing from elsewhere, nothing inline, in nobody's frame.

export const contentSecurityPolicy = (connect: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    "style-src 'self'",
    `connect-src ${connect}`,
    "img-src 'self' data:",
    "form-action 'self'",
    "base-uri 'none'",
  ].join("; ");

export const securityHeaders: Readonly<Record<string, string>> = {
  "content-security-policy": `${contentSecurityPolicy("'self'")}; frame-ancestors 'none'`,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
};
