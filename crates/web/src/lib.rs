//! Shell, sessions, CSRF, languages, components and errors; knows no feature.
