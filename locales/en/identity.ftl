### English: the texts of the feature module `identity`.

## Sign in

login-title = Sign in
login-lead = Sign in to your workspace.
login-email = E-mail
login-password = Password
login-submit = Sign in
login-denied = Wrong e-mail or password.
login-choose-title = Choose a workspace
login-choose-lead = You have several workspaces. Enter your password again and choose one.

## Account

account-title = Your account
account-as-company = As in the workspace: { $language }
account-password = Password
account-password-change = Change password
account-password-hint = At least eight characters. You stay signed in here and are signed out everywhere else.
locale-en = English
locale-ru = Русский
locale-uz = Oʻzbekcha
theme-system = System
theme-light = Light
theme-dark = Dark
field-locale = Language
field-theme = Theme
field-single_keys = Single-key shortcuts
field-current_password = Current password
field-password = New password
problem-common-password = This password is too easy to guess.
problem-wrong-password = Wrong password.
saved = Saved
keys-title = Keyboard shortcuts
keys-on = On
keys-off = Off
keys-spotlight = Search everything
keys-search = Search in this list
keys-next = Next chat
keys-previous = Previous chat
keys-send = Send the message
keys-break = New line in the message
keys-templates = Insert a quick reply, in an empty composer
keys-leave = Leave the composer
keys-return = Back to the composer
keys-close = Close the window
keys-help = Show keyboard shortcuts
app-description = A shared inbox for clients who write by SMS, WhatsApp and Telegram
offline-title = No connection
offline-detail = Aloqa can’t be reached. What you have written is saved, and the page reloads by itself.
offline-again = Try again
