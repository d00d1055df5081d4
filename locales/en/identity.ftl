### English: the texts of the feature module `identity`.

## Sign in

login-title = Sign in
login-lead = Your clients are waiting.
login-email = E-mail
login-password = Password
login-submit = Sign in
login-denied = E-mail or password is wrong.
login-choose-title = Choose a workspace
login-choose-lead = Your e-mail and password open more than one. Type the password once more and choose.

## Account

account-title = Your account
account-as-company = As the company: { $language }
account-password = Password
account-password-change = Change password
account-password-hint = Eight characters or more. You stay signed in here; everywhere else you are signed out.
locale-en = English
locale-ru = Russian
locale-uz = Uzbek
theme-system = As the system
theme-light = Light
theme-dark = Dark
field-locale = Language
field-theme = Colours
field-single_keys = Keys such as J, K and /
field-current_password = Current password
field-password = New password
problem-common-password = This password is among the first that others would guess.
problem-wrong-password = That is not your password.
saved = Saved
keys-title = Keyboard shortcuts
keys-on = On
keys-off = Off
keys-spotlight = Find anything
keys-search = Search in this list
keys-next = Next chat
keys-previous = Previous chat
keys-send = Send the message
keys-break = New line in the message
keys-templates = Insert a quick reply, in an empty composer
keys-close = Close what is open
keys-help = Show these keys
app-description = A shared inbox for clients who write by SMS, WhatsApp and Telegram
offline-title = No connection
offline-detail = Aloqa can not be reached. What you have written is kept, and this page comes back by itself.
offline-again = Try again
