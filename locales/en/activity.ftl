### English: the texts of the feature module `activity`.

## Staff notifications

notifications-title = Notifications
notifications-telegram = Telegram
notifications-linked = Notifications go to { $name }.
notifications-unlink = Unlink
notifications-lost = The bot was blocked { $time }, so notifications have stopped. Link Telegram again to get them.
notifications-no-bot = The workspace has no Telegram bot for notifications. An administrator can connect one under Channels.
notifications-how = The workspace’s bot can notify you about messages in Telegram, wherever you are.
notifications-link = Link Telegram with @{ $bot }
notifications-open = Open @{ $bot }
notifications-then = Press Start there, within an hour.
notifications-of = Notify me about
told-of-all = All messages from clients
told-of-mine = Messages from clients I have written to
told-of-none = No messages from clients
notifications-failed = My messages that are not delivered
notifications-with-text = Show the text of the message
notifications-quiet = Quiet hours
notifications-quiet-hint = No notifications between these hours, in the workspace’s time zone ({ $zone }). Messages that nobody has read by then are notified afterwards. Leave empty for none.
field-inbound = { notifications-of }
field-failed = { notifications-failed }
field-with_text = { notifications-with-text }
field-quiet_from = From
field-quiet_to = To
notifications-device = On this device
notifications-device-hint = While Aloqa is open in a tab in the background.
notifications-device-script = This needs JavaScript.
notifications-denied = This browser blocks notifications from this site. You can change that in its settings.
notifications-browser = Notifications
notifications-sound = Sound
notice-inbound = { $count ->
    [one] New message from { $client } ({ $company })
   *[other] { $count } new messages from { $client } ({ $company })
}
notice-failed = { $count ->
    [one] Your message to { $client } was not delivered ({ $company })
   *[other] { $count } of your messages to { $client } were not delivered ({ $company })
}
notice-linked = Done: notifications from { $company } now arrive here.

## Audit log

audit-title = Audit log
audit-lead = Every change and every sign-in, with who, when and from where. Entries can’t be changed.
audit-search = Name, value or address
audit-kind = Event
audit-any-kind = All events
audit-actor = Author
audit-actor-type = Kind of author
audit-any-actor = All authors
audit-object = Object
audit-object-type = Kind of object
audit-object-id = Object’s number
audit-any-object = All objects
audit-from = From
audit-to = To
audit-all = Show all
audit-id = Number
audit-at = Time
audit-changes = Changes
audit-address = Address
audit-same-object = All about this
audit-none-found = Nothing found
audit-none-found-hint = Try other words, or another period.
audit-empty = Nothing has happened yet
audit-empty-hint = Changes and sign-ins appear here.
audit-count = { $count ->
    [one] One entry
   *[other] { $count } entries
}
audit-field-peer = Address
audit-field-device = Device
audit-field-merged = Merged client
audit-field-format = Format
audit-field-rows = Rows
audit-field-expires_at = Ends
audit-field-permission = Permission
audit-field-account = Account
audit-field-enabled = Switched on
audit-field-whatsapp_template = WhatsApp template
audit-field-email = E-mail
audit-field-phone = Phone
audit-field-telegram = Telegram
audit-field-whatsapp = WhatsApp
audit-field-other = Other contact
actor-user = Team member
actor-api_key = API key
actor-system = automatically
actor-operator = Operator
object-api_key = API key
object-role = Role
object-channel = Channel
object-template = Quick reply
object-invitation = Invitation
object-chat = Chat
object-client = Client
object-user = Team member
object-workspace = Workspace
happened-ClientsExported = Clients exported
happened-ClientDeleted = Client deleted
happened-MessageReceived = Message received
happened-MessageSent = Message sent
happened-MessageScheduled = Message scheduled
happened-ScheduleChanged = Scheduled message changed
happened-ScheduleCancelled = Scheduled message cancelled
happened-MessageStatusChanged = Status of a message changed
happened-MessageEdited = Message edited
happened-ReachChanged = Reachability changed
happened-MessageFilesChanged = Files of a message fetched
happened-MessageReactionsChanged = Reactions to a message changed
happened-MessageRead = Messages read
happened-MessageUnread = Chat marked as unread
happened-TemplateCreated = Quick reply created
happened-TemplateUpdated = Quick reply changed
happened-TemplateDeleted = Quick reply deleted
happened-ChannelAdded = Channel connected
happened-ChannelChanged = Channel changed
happened-ChannelCredentialsChanged = Channel’s credentials replaced
happened-ChannelDisabled = Channel switched off
happened-ChannelEnabled = Channel switched on
happened-ChannelRemoved = Channel removed
happened-SignedOut = Signed out
happened-AccountUpdated = Own account changed
happened-UserCreated = Team member created
happened-AccessRefused = Access refused
happened-WorkspaceSuspended = Workspace suspended
happened-WorkspaceResumed = Workspace resumed
happened-AuditExported = Audit log exported
happened-SignedIn = Signed in
happened-PasswordChanged = Password changed
happened-PasswordReset = Password reset
happened-UserDisabled = Team member disabled
happened-UserEnabled = Team member enabled
happened-UserRoleChanged = Role of a team member changed
happened-UserInvited = Team member invited
happened-InvitationWithdrawn = Invitation withdrawn
happened-InvitationAccepted = Invitation accepted
happened-PasswordLinkCreated = Link for a new password created
happened-RoleCreated = Role created
happened-RoleUpdated = Role changed
happened-RoleDeleted = Role deleted
happened-SessionEnded = Session ended
happened-TokenCreated = API key created
happened-TokenRevoked = API key revoked
happened-SignInFailed = Sign-in failed
happened-SignInBlocked = Sign-in blocked
happened-TwoFactorEnabled = Two-factor sign-in turned on
happened-TwoFactorDisabled = Two-factor sign-in turned off
happened-TwoFactorReset = Second factor removed
happened-RecoveryCodeUsed = Recovery code used
happened-WorkspaceChanged = Settings of the workspace changed
