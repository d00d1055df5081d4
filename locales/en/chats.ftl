### English: the texts of the feature module `chats`.

## Chats

chats-title = Chats
chats-search = People and messages
chats-all = All
chats-unread = Unread
chats-new = New
chats-new-title = New chat
chats-new-lead = Write to a phone number. If nobody has it yet, a client is made.
chats-new-submit = Open chat
chats-empty = No chats yet
chats-empty-hint = When a client writes, the chat appears here by itself.
chats-none-found = No chat found
chats-nothing-unread = Everything is read
chats-choose = Choose a chat
chats-choose-hint = Pick someone on the left, or start a new chat.
chats-unread-badge = { $count ->
    [one] { $count } unread message
   *[other] { $count } unread messages
}
chat-back = Back to chats
chat-also = { $first } · also { $others }
chat-unreachable = Cannot be reached: no channel leads to this client.
chat-channel-off = Cannot be reached: the channel is switched off.
chat-log = Messages
chat-empty = Nothing said yet
chat-new-messages = New messages
chat-older = Older messages
chat-newest = To the newest messages
chat-mark-read = Mark as read
chat-you = You: { $text }
chat-attachment = File
message-edited = edited
message-reactions = Reaction of the client:
message-forwarded = Forwarded
message-forwarded-from = Forwarded from { $name }
message-referral = From the advertisement: { $name }
message-written = Written { $time }
message-kind-invoice = Invoice
message-kind-checklist = Checklist
message-kind-story = Story
message-kind-paid-media = Paid media
message-kind-giveaway = Giveaway
message-kind-game = Game
message-retry = Try again
message-scheduled = Goes out { $time }
status-received = Received
status-scheduled = Scheduled
status-queued = Waiting to be sent
status-queued-behind = { $count ->
    [one] Waits for one other, about { $minutes } min
   *[other] Waits for { $count } others, about { $minutes } min
}
status-unknown = Delivery unconfirmed
status-sent = Sent
status-delivered = Delivered
status-read = Read
status-failed = Not delivered
composer-label = Message
composer-placeholder = Write to { $name }
composer-transport = Send by
composer-send = Send
composer-closed = This client can’t be reached by any connected channel. Add a phone number, or ask your administrator to connect a channel.
composer-not-allowed = Your role does not allow writing to clients.
composer-failed = Not sent: the server did not answer. Your text is still here; try again.
transport-telegram = Telegram
transport-whatsapp = WhatsApp
transport-sms = SMS
transport-email = E-mail
transport-instagram = Instagram
transport-phone = Phone
transport-website = Website
transport-other = Other
live-lost = Live updates are interrupted. Trying again…

## The conversation, presence, and a new chat

message-arrived = Mark as delivered
message-send-again = Send again…
message-send-again-warning = If it did arrive, the client gets it twice.
message-send-again-yes = Send it again
chat-newer = Newer messages
chat-mark-unread = Mark as unread
chat-message-gone = That message is not here. These are the newest ones.
presence-typing = { $name } is typing…
presence-looking = { $name } is here too
new-chat-or = Or choose a client
new-chat-search = Name, phone or e-mail
new-chat-none = Nobody found. Write to the phone number instead.
new-chat-open = Open chat with { $name }
new-chat-name = Name
new-chat-name-hint = For a new client; it can stay empty.
new-chat-find = Find

## Message templates

templates-title = Quick replies
templates-search = Search names and texts
templates-new = New quick reply
templates-edit = Edit quick reply
templates-empty = No quick replies yet
templates-empty-hint = Write down the answers that you give every day.
templates-none-found = Nothing found
templates-total = { $count ->
    [one] { $count } quick reply
   *[other] { $count } quick replies
}
templates-placeholders = Put in
templates-delete-title = Delete this quick reply?
templates-delete-warning = Messages that were sent with it stay as they are.

## Composer: drafts, templates, segments, scheduled messages

chat-draft = Draft: { $text }
composer-sending = Sending…
composer-templates = Insert a quick reply
composer-later = Send later
composer-no-address = the client has no address there
composer-no-channel = no channel is connected
composer-no-provider = no provider is connected
composer-blocked = the client has blocked the bot
composer-gone = the client’s account does not exist any more
field-message = Text
field-scheduled_at = Goes out at
templates-for = Filled in for { $name }
sms-segments = { $count ->
    [one] { $count } segment
   *[other] { $count } segments
}, { $left } left
sms-culprit = “{ $character }” makes it Unicode
sms-segments-live = Segments: #count, left: #left
sms-culprit-live = “#character” makes it Unicode
preset-hour = In an hour
preset-tomorrow = Tomorrow morning
preset-monday = Monday morning
schedule-at = Date and time
schedule-submit = Schedule
schedule-edit = Change the scheduled message
schedule-send-now = Send now
schedule-cancel = Cancel sending
scheduled-title = Scheduled messages
scheduled-here = Scheduled
scheduled-all = All scheduled
scheduled-zone = Times are in { $zone }.
scheduled-empty = Nothing is scheduled
scheduled-empty-hint = Press the clock beside a message to send it later.
scheduled-total = { $count ->
    [one] { $count } scheduled message
   *[other] { $count } scheduled messages
}
problem-key-reused = Another message was sent from this form already. Look at the chat, and send again if this one is to follow.
problem-time-passed = This time has passed. Choose one that is still to come.
problem-time-too-far = At most a year ahead.
problem-time-skipped = Clocks are put forward then: this hour does not exist. Choose another.
error-late = Too late
error-late-detail = The message is going out, or is out already.

## Files in the composer; the script fills in names and sizes

composer-files = Files to send
composer-file-added = Attached: #name
composer-file-removed = Removed: #name
composer-file-remove = Remove #name
composer-no-folders = Folders can’t be sent. Choose the files in them.
composer-drop = Drop files to attach them
composer-uploading = Uploading
composer-upload-cancelled = Cancelled. Nothing was sent; your text and files are still here.

## Previews of messages that have only files

preview-photos = { $count ->
    [1] Photo
    [one] { $count } photo
   *[other] { $count } photos
}
preview-voice = { $count ->
    [1] Voice message
    [one] { $count } voice message
   *[other] { $count } voice messages
}
preview-audio = { $count ->
    [1] Audio
    [one] { $count } audio file
   *[other] { $count } audio files
}
preview-videos = { $count ->
    [1] Video
    [one] { $count } video
   *[other] { $count } videos
}
templates-as-sms = As an SMS, with the names of the example:

## Message templates: order of the list, editor, sample client

templates-sort = Order
sort-uses = Most used
templates-unused = Not used yet
templates-uses = { $count ->
    [one] Used once
   *[other] Used { $count } times
}
templates-none-found-hint = Try another word of its name or its text.
templates-duplicate = Duplicate
templates-duplicate-name = Duplicate “{ $name }”
templates-copy-of = { $name } (copy)
templates-preview = Preview
templates-preview-empty = What you write is shown here as a client would get it.
templates-nameless = A client whose name is not known
templates-placeholders-hint = Filled in when the text is used. What is not known is left out, with its comma.
placeholder-client-first_name = Client’s first name
placeholder-client-last_name = Client’s last name
placeholder-client-full_name = Client’s full name
placeholder-user-first_name = Your first name
placeholder-user-full_name = Your full name
placeholder-tenant-name = Company
sample-first-name = Aziza
sample-last-name = Karimova
