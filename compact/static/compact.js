// Every page works without this. It starts only those parts of GOV.UK Frontend that the pages use; each looks for its own
// data-module and does nothing where there is none.
import {
  Button,
  CharacterCount,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  ServiceNavigation,
  SkipLink,
  createAll,
  isSupported,
} from "./govuk/govuk-frontend-6.6.0.min.js";

if (isSupported()) {
  // The error summary comes last: where there is a banner too, the errors get the focus.
  for (const part of [
    SkipLink,
    ServiceNavigation,
    Button,
    CharacterCount,
    PasswordInput,
    NotificationBanner,
    ErrorSummary,
  ]) {
    createAll(part);
  }
}
