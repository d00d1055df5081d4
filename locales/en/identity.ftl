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

## Access: sessions, API keys, team and roles

account-more = More settings
last-used = last used { $time }
never-used = never used
ends = ends { $date }
sessions-title = Sessions
sessions-lead = The browsers that you are signed in with. A change of the password ends all others.
session-begun = signed in { $time }
session-current = this browser
session-end = Sign out
session-unknown = Unknown browser
api-keys-title = API keys
api-keys-lead = With a key a program does what you may do, or what a role allows.
api-keys-empty = No API keys
api-keys-empty-hint = Create one for a program that works with this workspace.
api-key-created = The new key is shown only now. Copy it to a safe place.
api-key-service = service account
api-key-revoke = Revoke
api-key-new = New API key
api-key-own = Acts as me
api-key-permissions = Only these permissions (none chosen: all)
api-key-create = Create key
field-expires_in = Ends after days (365)
field-role = Role
field-permissions = Permissions
field-disabled = Disabled
team-title = Team
team-link = This link for { $email } is shown only now. Copy it and send it; it works once.
team-disabled-since = disabled since { $date }
team-seen = last seen { $time }
team-change = Change
team-change-name = Change { $name }
team-reset-link = Link for a new password
team-disable = Disable
team-enable = Enable
team-me = you
team-total = { $count ->
    [one] { $count } user
   *[other] { $count } users
}
team-invitations = Invitations
team-withdraw = Withdraw
team-invite = Invite a colleague
team-invite-hint = You get a link to send. It works once, within seven days.
team-invite-create = Create link
roles-title = Roles
roles-lead = A role says what its users may do.
role-administrator = Administrator
role-manager = Manager
role-agent = Agent
role-read-only = Read only
role-builtin = built in
role-users = { $count ->
    [one] { $count } user
   *[other] { $count } users
}
role-new = New role
role-permissions = Permissions
role-create = Create role
role-delete = Delete role
permission-client-create = Create and import clients
permission-client-read = See clients
permission-client-update = Change clients and their contacts
permission-client-delete = Delete and merge clients
permission-client-export = Export clients
permission-chat-read = See chats and messages
permission-chat-send = Send messages
permission-messagetemplate-create = Create quick replies
permission-messagetemplate-read = Use quick replies
permission-messagetemplate-update = Change quick replies
permission-messagetemplate-delete = Delete quick replies
permission-channel-manage = Connect and change channels
permission-user-manage = Manage the team, roles and API keys
permission-audit-read = See the audit log
permission-workspace-manage = Change the settings of the workspace
access-title = Set a new password
access-welcome = Welcome to { $workspace }
access-hint = Eight characters or more. Then sign in with it.
access-submit = Save password
problem-own-account = You cannot disable your own account.

# The settings of the workspace.
workspace-title = Workspace
outbound-countries-title = Numbers of other countries
outbound-countries-lead = SMS and WhatsApp messages to other countries cost more and are a common target of fraud. Clients who wrote are always answered.
outbound-countries-own = Own country and those of clients who wrote
outbound-countries-listed = Only these countries
outbound-countries-any = All countries
outbound-countries-known = Own country and those of clients who wrote: { $countries }.
field-country = Country
field-outbound_countries = Send to numbers of
field-listed_countries = Country codes, such as UZ KZ
field-time_zone = Time zone

# The second factor.
two-factor-title = Two-factor sign-in
two-factor-lead = After your password, a code from an app on your phone is asked for.
two-factor-required = Your workspace requires a second factor. Set it up to go on.
two-factor-off = Any authenticator app will do: Google Authenticator, Microsoft Authenticator, 1Password, Aegis and others.
two-factor-begin = Set up
two-factor-scan = Scan this code with the app, then enter the six digits that it shows.
two-factor-qr = QR code for the authenticator app
two-factor-by-hand = Or enter this key by hand:
two-factor-confirm = Turn on
two-factor-codes-title = Recovery codes
two-factor-codes-lead = Keep these codes in a safe place. If you lose your phone, each of them signs you in once. They are not shown again.
two-factor-kept = I have kept them
two-factor-on = Two-factor sign-in is on.
two-factor-disable = Turn off
two-factor-rule = A second factor is required of
two-factor-everyone = Everyone
team-reset-two-factor = Remove second factor
login-code-title = Enter the code
login-code-lead = Open your authenticator app, or use a recovery code.
login-from-start = Sign in with another account
login-again = That took too long. Sign in again.
problem-wrong-code = The code is wrong, or was used already. Wait for the next one.
error-second-factor = A second factor is required. Set it up in your account first.
two-factor-codes-left = { $count ->
    [one] { $count } recovery code is left.
   *[other] { $count } recovery codes are left.
}
