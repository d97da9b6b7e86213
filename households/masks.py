"""First and last characters of personal data that stay readable."""

ID_NUMBER_MASK, PHONE_MASK = (0, 4), (3, 4)
