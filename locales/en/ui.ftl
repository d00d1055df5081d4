# English. The three catalogues hold the same keys with the same arguments; a test compares them.

# Navigation and words of every page
app-name = Aloqa
nav-main = Main
nav-chats = Chats
nav-chats-unread = { $count ->
    [0] Chats
    [one] Chats, { $count } unread
   *[other] Chats, { $count } unread
}
nav-clients = Clients
nav-instant-messages = Instant messages
sign-out = Sign out
skip-to-content = Skip to content
search = Search
save = Save
cancel = Cancel
delete = Delete
edit = Edit
back = Back
previous = Previous
next = Next
pages = Pages
required = required
none = –

# Dates
today = Today
yesterday = Yesterday
date-day = { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}
date-full = { date-day } { $year }
weekday = { $day ->
    [1] Mon
    [2] Tue
    [3] Wed
    [4] Thu
    [5] Fri
    [6] Sat
   *[7] Sun
}

# Sign in
login-title = Sign in
login-lead = Your clients are waiting.
login-email = E-mail
login-password = Password
login-submit = Sign in
login-denied = E-mail or password is wrong.
login-choose-title = Choose a workspace
login-choose-lead = Your e-mail and password open more than one. Type the password once more and choose.

# Clients
clients-title = Clients
clients-name = Name
clients-search = Name, phone or e-mail
clients-new = New client
clients-edit = Edit client
clients-total = { $count ->
    [one] { $count } client
   *[other] { $count } clients
}
clients-empty = No clients yet
clients-empty-hint = They appear when they write to you, or when you add them.
clients-none-found = Nobody found
clients-none-found-hint = Try part of a name, a phone number in any notation or an e-mail.
clients-sort = Order
sort-newest = Newest first
sort-oldest = Oldest first
sort-name = Name A–Z
sort-name-desc = Name Z–A
client-since = Client since { $date }
client-open-profile = Open profile
client-open-chat = Open chat
client-details = Client
client-notes = Notes
client-personal = Personal
client-documents = Documents
client-contacts = Contacts
client-no-contacts = No contacts besides the phone and the e-mail.
contact-add = Add contact
contact-remove = Remove { $value }
field-name = Name
field-first_name = First name
field-last_name = Last name
field-middle_name = Middle name
field-phone = Phone
field-email = E-mail
field-address = Address
field-date_of_birth = Date of birth
field-gender = Gender
field-passport_series = Passport series
field-passport_number = Passport number
field-pin = PIN
field-country_code = PIN country
field-contacts = Contacts
field-comments = Comments
field-type = Type
field-value = Value
field-template = Text
field-created = Created
gender-none = not given
gender-female = Female
gender-male = Male
gender-other = Other
contact-phone = Phone
contact-email = E-mail
contact-telegram = Telegram
contact-whatsapp = WhatsApp
contact-other = Other

# Chats
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
chat-log = Messages
chat-empty = Nothing said yet
chat-new-messages = New messages
chat-older = Older messages
chat-newest = To the newest messages
chat-mark-read = Mark as read
chat-you = You: { $text }
chat-attachment = File
message-edited = edited
message-retry = Try again
message-scheduled = Goes out { $time }
status-received = Received
status-scheduled = Scheduled
status-queued = Waiting to be sent
status-unknown = Fate unknown
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

# The conversation, who is at it, and a new chat
message-arrived = It arrived
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

# Why a message was not delivered, by the provider's code
failure-unknown = The provider did not answer in time, so it may or may not have the message. Try again only if the client did not get it.
failure-gave-up = The provider could not be reached for a day.
failure-20003 = The provider refused the channel’s credentials. Ask your administrator to renew them.
failure-20404 = The provider does not know this account or sender. Ask your administrator to check the channel.
failure-20429 = The provider is asked too often. Try again in a moment.
failure-21211 = This is not a number that can receive messages.
failure-21408 = The channel is not allowed to send to this country.
failure-21610 = The client has opted out with STOP. Only START from the client opens it again.
failure-21614 = This number can’t receive text messages.
failure-30001 = The provider’s queue was full. Try again later.
failure-30002 = The provider’s account is suspended.
failure-30003 = The phone is switched off or out of reach.
failure-30004 = The client’s number or carrier blocks messages.
failure-30005 = The number does not exist any more.
failure-30006 = This is a landline, or a number that can’t receive messages.
failure-30007 = The carrier took the message for spam.
failure-30008 = The carrier did not say why.
failure-63016 = WhatsApp allows free text only within 24 hours of the client’s last message. Use an approved template.
failure-telegram-blocked = The client has blocked the bot. Only the client can open it again.
failure-telegram-deactivated = The client’s Telegram account does not exist any more.
failure-telegram-not-started = The client has not written to this bot yet, and a bot may not write first. Send an invitation link.
failure-telegram-too-large = Telegram does not take a file of this size.
failure-telegram-unauthorized = Telegram does not accept the bot’s token any more. Ask your administrator to renew it.
failure-21606 = The channel’s number can’t send to this client. Ask your administrator to check the channel.
failure-21608 = Twilio’s trial account sends only to numbers that were verified there.
failure-21611 = Too many messages wait for the channel’s number. Try again later.
failure-21612 = The channel’s number can’t reach this client’s number.
failure-21617 = The message is too long: SMS carry 1,600 characters at most.
failure-30034 = The channel’s number is not registered for messages to the USA (A2P 10DLC). Ask your administrator.
failure-63003 = This number is not on WhatsApp.
failure-63007 = The channel’s WhatsApp sender is not connected at Twilio. Ask your administrator to check the channel.
failure-63018 = WhatsApp takes no more messages from this sender now. Try again later.
failure-63024 = WhatsApp does not deliver to this recipient.
failure-other = The provider refused the message: { $detail } (code { $code })
failure-code = code { $code }

# Message templates
templates-title = Instant messages
templates-search = Search names and texts
templates-new = New instant message
templates-edit = Edit instant message
templates-empty = No instant messages yet
templates-empty-hint = Write down the answers that you give every day.
templates-none-found = Nothing found
templates-total = { $count ->
    [one] { $count } instant message
   *[other] { $count } instant messages
}
templates-placeholders = Put in
templates-delete-title = Delete this instant message?
templates-delete-warning = Messages that were sent with it stay as they are.

# Spotlight
chat-find = Search in this chat
chat-find-place = { $number } of { $count }
chat-find-older = Earlier
chat-find-newer = Later
chat-find-close = Close search
spotlight-title = Search
spotlight-title-of = Search: { $query }
spotlight-label = Search everything
spotlight-placeholder = Clients, chats, messages, pages
spotlight-results = Results
spotlight-pages = Pages
spotlight-actions = Actions
spotlight-messages = Messages
spotlight-recent = Opened lately
spotlight-outbound = You:
spotlight-more = More like these
spotlight-all = Show all results
spotlight-back = Back to all results
spotlight-none = Nothing found
spotlight-none-hint = Try the beginning of a word, part of a name or of a phone number.
spotlight-failed = The server did not answer. Try again.
spotlight-close = Close
spotlight-key-choose = choose
spotlight-key-open = open
spotlight-key-tab = in a new tab
spotlight-count = { $count ->
    [0] Nothing found
    [one] { $count } result
   *[other] { $count } results
}

# Problems of fields
problem-required = This is needed.
problem-too-long = At most { $max } characters.
problem-too-short = At least { $min } characters.
problem-out-of-range = Between { $min } and { $max }.
problem-not-a-phone = This is not a phone number. Write it as +998 90 123 45 67.
problem-not-an-email = This is not an e-mail address.
problem-not-a-date = This is not a date that can be. Write it as 1990-02-28.
problem-not-a-time = This is not a date with a time. Write it as 2026-03-02 09:00.
problem-not-one-of = Must be one of: { $values }.
problem-wrong-type = This is not of the right type.
problem-bad-characters = There are characters in it that can’t be here.
problem-taken = Someone has this already.
problem-unknown-placeholder = There is no placeholder { $name }.
problem-unreachable = This client can’t be reached so.
problem-no-provider = No provider is connected for this.
problem-no-files = Files can’t be sent this way.
problem-not-found = There is no such record in this workspace.

# Errors
error-reference = Reference: { $id }
error-way-on = To the chats
error-sign-in = Sign in
error-malformed = This request can’t be read
error-malformed-detail = Something in it is not as it should be.
error-unauthenticated = Sign in first
error-unauthenticated-detail = You are not signed in, or your session is over.
error-forbidden = You may not do this
error-forbidden-detail = Your role does not include it. Ask your administrator.
error-forged-form = This form is out of date
error-forged-form-detail = Reload the page and try again.
error-signature = The signature is wrong
error-signature-detail = Nothing was stored.
error-not-found = This is not here
error-not-found-detail = It may have been deleted, or the address is wrong.
error-method-not-allowed = This can’t be done here
error-method-not-allowed-detail = The address exists, but not for this kind of request.
error-conflict = Someone has this already
error-conflict-detail = Another record has this value.
error-conflict-client = Another client has this: { $url }
error-conflict-status = Only a message that failed can be tried again.
error-conflict-show = Show that client
error-too-large = This is too large
error-too-large-detail = Send less at once.
error-unsupported-media-type = This kind of content is not understood
error-unsupported-media-type-detail = Send a form or JSON.
error-invalid = Some fields need another look
error-invalid-detail = { $count ->
    [one] { $count } field has a problem.
   *[other] { $count } fields have problems.
}
error-too-many = Too many tries
error-too-many-detail = Wait { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
} and try again.
error-unavailable = Back in a moment
error-unavailable-detail = The database does not answer. Try again shortly; nothing was lost.
error-internal = Something went wrong
error-internal-detail = It is our mistake and was logged. Try again, or tell us the reference.

# Duplicates and merges
duplicates = Duplicates
duplicates-title = Likely duplicates
duplicates-lead = Clients that may be the same person. Nothing happens until you merge them.
duplicates-empty = No likely duplicates
duplicates-empty-hint = When two clients share a phone, an e-mail, a passport or a name, they appear here.
duplicates-total = { $count ->
    [one] { $count } pair
   *[other] { $count } pairs
}
likeness-name = same name
likeness-birthday = same birthday, similar name
likeness-email = same e-mail
likeness-telegram = same Telegram
likeness-passport = same passport
likeness-phone = same phone
merge-entry = Merge with a duplicate
merge-title = Merge duplicates
merge-lead = Who is the same person as { $name }?
merge-likely = Perhaps the same person
merge-search = Find another client
merge-compare = Compare
merge-compare-with = Compare with { $name }
merge-compare-lead = Choose what stays where the two differ.
merge-dismiss = Not the same person
merge-stays = Stays
merge-goes = Goes into it
merge-swap = Swap
merge-messages = { $count ->
    [one] { $count } message
   *[other] { $count } messages
}
merge-moves = { $contacts ->
    [one] { $contacts } contact
   *[other] { $contacts } contacts
} and { $messages ->
    [one] { $messages } message
   *[other] { $messages } messages
} move to { $name }.
merge-moves-more = A phone or e-mail that is not chosen stays among the contacts, so messages from it still find the client. You can undo this for 30 days.
merge-submit = Merge
merge-stale = Someone has changed one of the two meanwhile. This is how they are now; look again and merge.
merges-title = Merged duplicates
merges-lead = A merge can be undone for 30 days.
merges-empty = Nothing was merged lately
merge-merged = { $name } was merged
merge-until = can be undone until { $date }
merge-undo = Undo
merge-under = Undo the later merge first
merge-undone = The merge is undone
merge-undone-lead = Both clients are there again. Messages that came since stay where they are.
merge-left = What could not go back
merge-left-changed = { $field }: changed since the merge, so it stays as it is.
merge-left-taken = { $field }: another client has it by now.
merge-left-contact = Contact { $value }: removed since the merge, or another client has it by now.
problem-itself = This is the same client. Choose another one.
error-merged = This was merged with another
error-merged-detail = It goes on there: { $url }
error-merged-show = Go on there
error-stale = Changed in the meantime
error-stale-detail = Someone has changed this since you saw it. Look at it again and repeat.
error-conflict-merge = The client was itself merged since. Undo the later merge first.
# Import and export: columns
field-id = ID
field-full_name = Full name, first name first
field-updated = Changed
field-contact_phone = Other phones
field-contact_email = Other e-mails
field-contact_telegram = Telegram
field-contact_whatsapp = WhatsApp
field-contact_other = Other contacts
export = Export
export-csv = CSV, for programs and for importing again
export-xlsx = XLSX, for Excel and LibreOffice

# Composer: drafts, templates, segments, messages for later
chat-draft = Draft: { $text }
composer-sending = Sending…
composer-templates = Insert an instant message
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
problem-time-passed = This time has passed. Choose one that is still to come.
problem-time-too-far = At most a year ahead.
problem-time-skipped = Clocks are put forward then: this hour does not exist. Choose another.
error-late = Too late
error-late-detail = The message is going out, or is out already.
# Files
file-coming = On its way from the provider
file-lost-gone = This file never came: the provider does not have it.
file-lost-too-large = This file is larger than 50 MB and was not fetched.
file-lost-refused = This file was not fetched: its address is not safe.
file-size-kilobytes = { $size } KB
file-size-megabytes = { $size } MB
composer-attach = Attach files
problem-too-many-files = A message takes { $max } files at most.
problem-too-many-files-by = { $max ->
    [one] { $transport } carries one file per message. Send the others after it, one by one.
   *[other] { $transport } carries { $max } files per message at most.
}
problem-files-too-large = { $transport } carries { $megabytes } MB of files at most. Send fewer or smaller ones.
problem-file-type = { $transport } does not carry files like “{ $name }”.
problem-not-a-bot-token = This is not a bot’s token. BotFather writes it as 123456:ABC-DEF.
problem-another-bot = This is the token of another bot. Connect that one as a channel of its own.
problem-provider-refuses = The provider refuses: { $words }
problem-provider-silent = The provider does not answer ({ $why }). Try again.
error-link = This link is no longer good
error-link-detail = It has expired, or is not complete. Ask for the file again in its chat.
error-files-too-large = These files are too large
error-files-too-large-detail = The files of a message may have 50 MB together. Nothing was sent.
# A client's page
client-edit-all = Edit all
client-edit-section = Edit: { $section }
client-open-named = Open { $name }
client-tabs = Parts of the profile
client-tab-general = General
client-tab-messages = Messages
client-tab-actions = Actions
client-tax = Tax
client-to-chat = To the conversation
client-whole-chat = Earlier messages are in the conversation
client-open-chat-hint = Go on with the conversation, or begin one.
client-delete = Delete client
client-merge-hint = Compare two records of the same person and keep one.
client-delete-hint = You will see what goes with it first.
client-delete-title = Delete { $name }?
client-delete-takes = With the client go:
client-delete-warning = This can’t be undone. Only an entry in the audit log stays.
client-no-actions = Your role only lets you look.
client-history = History
client-history-nobody = by itself
count-contacts = { $count ->
    [one] { $count } contact
   *[other] { $count } contacts
}
count-messages = { $count ->
    [one] { $count } message
   *[other] { $count } messages
}
count-files = { $count ->
    [one] { $count } file
   *[other] { $count } files
}
country-none = not given
happened-ClientCreated = Client made
happened-ClientUpdated = Details changed
happened-ChatCreated = Chat begun
happened-ClientMerged = Merged with a duplicate
happened-ClientUnmerged = Merge undone
conflict-note = Someone else changed this while you were editing. Nothing is saved yet: compare, keep yours or leave theirs, and save.
conflict-theirs = Saved meanwhile:
conflict-take = leave it so
conflict-save = Save mine
conflict-discard = Discard mine
problem-taken-by-client = Another client has this.
error-precondition = This is not the version that you asked for
error-precondition-detail = It was changed since. Read it again, and send the change with the new ETag.
# The list of clients: days, rows, deleting several
clients-created-any = Created at any time
clients-created-week = Last 7 days
clients-created-month = Last 30 days
clients-created-since = Since { $date }
clients-created-until = Until { $date }
clients-created-from = From
clients-created-to = To
clients-show = Show
clients-rows = Rows
clients-pick = Select { $name }
clients-pick-page = Select all on this page
clients-picked = Selected:
clients-pick-all = { $count ->
    [one] All of them: { $count } client
   *[other] All { $count } clients
}
clients-pick-found = { $count ->
    [one] All that was found: { $count } client
   *[other] All { $count } that were found
}
clients-delete-title = { $count ->
    [one] Delete { $count } client?
   *[other] Delete { $count } clients?
}
clients-delete-warning = All of this goes, and it can’t be undone:
clients-delete-contacts = { $count ->
    [one] { $count } contact
   *[other] { $count } contacts
}
clients-delete-chats = { $count ->
    [one] { $count } chat
   *[other] { $count } chats
}
clients-delete-messages = { $count ->
    [one] { $count } message
   *[other] { $count } messages
}
clients-deleted = { $count ->
    [one] { $count } client is deleted.
   *[other] { $count } clients are deleted.
}
clients-delete-left = { $count ->
    [one] { $count } is left.
   *[other] { $count } are left.
}
clients-delete-go-on = Go on
# Import
import = Import
import-title = Import clients
import-file = CSV file
import-file-hint = As a spreadsheet saves it: comma, semicolon or tab, in UTF-8, UTF-16 or Windows-1251, titles in the first row.
import-limits = At most { $rows } rows and { $megabytes } MB.
import-upload = Upload
import-past = Past imports
import-none = Nothing imported yet
import-none-hint = Upload a table. Before anything is stored you see what it means and what is wrong with it.
import-rows = { $count ->
    [one] { $count } row
   *[other] { $count } rows
}
import-created = { $count } new
import-updated = { $count } changed
import-state-mapping = What do the columns mean?
import-state-checking = Checking the rows
import-state-checked = Checked, ready to import
import-state-running = Importing
import-state-cancelling = Being cancelled
import-state-failing = Being undone
import-state-done = Imported
import-state-cancelled = Cancelled
import-state-failed = Not imported
import-mapping-lead = What do the columns mean? What could be guessed is chosen already; what you leave out is not read.
import-means = What { $title } means
import-not-read = – not read –
import-doubled = Another column means this already.
import-no-name = No column holds a name, a phone or a PIN, so no client can be made of a row.
import-dates = Dates are written
import-dates-day-first = Day first: 28.02.1990
import-dates-month-first = Month first: 02/28/1990
import-dates-ambiguous = The dates of this file can be read either way. Please check which it is.
import-dates-hint = Dates such as 1990-02-28 are understood in any case.
import-check = Check the rows
import-progress = { $position } of { $total } rows. You may leave this page; it goes on.
import-refresh = Look again
import-good = New clients
import-duplicates = There already
import-bad = With mistakes
import-made = New
import-changed = Changed
import-kept = Left as they are
import-of-duplicates = Clients that are there already
import-skip = Leave them as they are
import-skip-hint = A client is known by its phone or its PIN.
import-update = Update them
import-update-hint = Cells with something in them replace what is stored; empty cells change nothing.
import-of-bad = Rows with mistakes
import-good-only = Import the good rows
import-good-only-hint = The others can be downloaded, mended and imported afterwards.
import-whole = All rows or none
import-whole-hint = If a row can’t be stored after all, or you cancel, everything is undone.
import-whole-not = Not possible while rows have mistakes.
import-start = Start import
import-columns-again = Change columns
import-cancel = Cancel import
import-flaws = Rows with mistakes and duplicates
import-flaws-download = Download as CSV
import-flaws-more = The file names all of them.
import-flaws-file = to mend
import-row = Row
import-row-number = Row { $row }
import-wrong = What is wrong
import-failed = A row could not be stored, so none was.
import-cancelled-kept = It was cancelled halfway. The clients that were imported until then are there.
import-undone = Everything that it had done is undone.
import-undone-but = { $count ->
    [one] Everything is undone but { $count } client, whom someone has changed or written to since.
   *[other] Everything is undone but { $count } clients, whom someone has changed or written to since.
}
import-file-gone = The uploaded file was removed; it is kept for a day.
import-to-clients = To the clients
flaw-not-a-date = This is not a date in the chosen order, or one that can’t be.
flaw-not-a-gender = Write female, male or other.
flaw-not-a-country = Write the country in two letters, such as UZ.
flaw-too-many-cells = The row has more cells than there are titles. A quotation mark may be missing.
flaw-taken = A client that is there already has this.
flaw-repeats = Row { $row } has this already.
flaw-two-clients = The phone is of one client, the PIN of another.
flaw-client = Client { $id }
field-last_first_name = Full name, last name first
problem-not-a-table = There is no table with titles and rows in this file.
error-table-too-large = This table is too large
error-table-too-large-detail = At most { $rows } rows and { $megabytes } MB are imported at once. Split the file and import the parts one after the other.

# Account
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
keys-templates = Insert an instant message, in an empty composer
keys-close = Close what is open
keys-help = Show these keys

app-description = A shared inbox for clients who write by SMS, WhatsApp and Telegram
offline-title = No connection
offline-detail = Aloqa can not be reached. What you have written is kept, and this page comes back by itself.
offline-again = Try again
# What came with Telegram: what a message offers, links to a bot
offer-phone = The client’s own number, as Telegram confirms: { $phone }
offer-phone-take = Save as phone
offer-merge = This may be { $name }, who is in your list already.
offer-merge-look = Compare and merge
invite-entry = Invite to Telegram
invite-hint = With a link of their own the client’s Telegram joins this chat.
invite-title = Invite { $name } to Telegram
invite-lead = Send the link by SMS or e-mail. When the client opens it and presses Start, their Telegram belongs to this client and writes in this chat.
invite-link = Link
invite-good = Good for 30 days and for one person. Whoever opens it is taken for this client.
invite-make = Make a link
invite-no-bot = No Telegram bot is connected.
invite-back = Back to the client
# Files in the composer; the script puts names and sizes in
composer-files = Files to send
composer-file-added = Attached: #name
composer-file-removed = Removed: #name
composer-file-remove = Remove #name
composer-no-folders = Folders can’t be sent. Choose the files in them.
composer-drop = Drop files to attach them
composer-uploading = Uploading
composer-upload-cancelled = Cancelled. Nothing was sent; your text and files are still here.

# What stands for a message of files alone
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
## Channels
nav-channels = Channels
channels-title = Channels
channels-new = Connect a channel
channels-new-twilio = Connect a Twilio account
channels-empty = No channel is connected
channels-empty-hint = Connect a Twilio account, and clients can write to you by SMS and WhatsApp.
channel-provider-twilio = Twilio
channel-heard = last webhook { $time }
channel-never-heard = no webhook yet
channel-account-hint = Both are on the first page of Twilio’s console. The token is encrypted and never shown again.
channel-senders = Numbers
channel-senders-hint = At least one. SMS leave by the Messaging Service where there is one, else from the number; a short code or a name of up to 11 letters will do as well, but nobody can answer to a name.
channel-senders-change = What waits for a number that is no longer here fails, and its message says so.
channel-connect = Connect
channel-state = State
channel-state-working = Working
channel-state-failing = Not working
channel-state-disabled = Switched off
channel-last-webhook = Last webhook
channel-refused-webhook = Refused webhook
channel-refused-why = Its signature was wrong: the auth token here is not the account’s, or the address at Twilio differs from the one below.
channel-last-error = Last error
channel-waiting = Waiting
channel-queued = { $count ->
    [one] { $count } message to be sent
   *[other] { $count } messages to be sent
}
channel-scheduled = { $count ->
    [one] { $count } for later
   *[other] { $count } for later
}
channel-test = Test
channel-enable = Switch on
channel-disable = Switch off
channel-disable-hint = Switched off, the channel sends nothing and takes nothing in: messages that clients write meanwhile are lost, and what waits to be sent fails.
channel-disabled-hint = Nothing is sent, and what clients write is refused. Ticks of messages that were sent before still come.
channel-webhooks = Addresses for Twilio
channel-webhooks-hint = Paste the first one at your number, WhatsApp sender or Messaging Service in Twilio’s console, as “A message comes in”. The second one goes along with each message by itself.
channel-webhook-message = Inbound messages
channel-webhook-status = Status reports
channel-credentials = Credentials
channel-credentials-hint = Nothing more is sent with the old token. Webhooks that it signed are still believed for an hour, since Twilio goes on signing with it until the new one is promoted.
channel-leaked = The old token has become known to others: believe nothing that it signed from now on
channel-rotate = Replace the token
channel-remove = Remove the channel
channel-remove-hint = Chats and messages stay. You will be told what else happens, and asked.
channel-remove-link = Remove…
channel-remove-title = Remove { $name }?
channel-remove-stays = All chats and messages stay, and can be read and found.
channel-remove-stops = What clients write to these numbers is refused from now on.
channel-remove-fails = { $count ->
    [0] Nothing waits to be sent.
    [one] { $count } message that waits to be sent fails, and says why.
   *[other] { $count } messages that wait to be sent fail, and say why.
}
channel-remove-credentials = The credentials are deleted. To come back, the account is connected anew.
channel-check-account-active = The account “{ $subject }” answers and is active.
channel-check-account-suspended = The account “{ $subject }” is suspended. Twilio’s console says why.
channel-check-account-closed = The account “{ $subject }” is closed.
channel-check-account-unknown = Twilio does not know the account { $subject }.
channel-check-credentials-refused = Twilio refuses the auth token of { $subject }. Replace it below.
channel-check-no-answer = Twilio could not be reached: { $subject }.
channel-check-other-answer = Twilio answered { $subject }, which says nothing about the channel. Try again in a moment.
channel-check-number-found = { $subject } is there and can send SMS.
channel-check-number-missing = { $subject } is not a number of this account.
channel-check-number-without-sms = { $subject } can’t send SMS.
channel-check-sender-name = “{ $subject }” is a name, about which Twilio can’t be asked. Clients can’t answer to it.
channel-check-posts-here = What comes to { $subject } is posted here.
channel-check-posts-elsewhere = What comes to { $subject } is posted to { $detail }, not here. Paste the address below at Twilio.
channel-check-posts-nowhere = What comes to { $subject } is posted nowhere. Paste the address below at Twilio.
channel-check-service-found = The Messaging Service “{ $subject }” is there.
channel-check-service-missing = The account has no Messaging Service { $subject }.
channel-check-whatsapp-online = { $subject } is online on WhatsApp.
channel-check-whatsapp-offline = { $subject } is registered on WhatsApp, but not online yet.
channel-check-whatsapp-missing = { $subject } is not a WhatsApp sender of this account.
channel-check-whatsapp-unchecked = Twilio did not say whether { $subject } is a WhatsApp sender. A message to yourself will show it.
copy = Copy
copied = Copied
field-account_sid = Account SID
field-auth_token = Auth token
field-sms_number = SMS number
field-whatsapp_number = WhatsApp number
field-messaging_service_sid = Messaging Service SID
field-leaked = Known to others
field-enabled = Switched on
problem-not-a-sid = This is not a SID: it begins with { $prefix } and has 34 characters.
problem-not-a-sender = This is neither a number nor a short code nor a name of up to 11 Latin letters and digits.
problem-sender-required = Give a number or a Messaging Service.
problem-credentials-refused = Twilio refuses this account and token.
problem-channel-off = The channel for this is switched off.
composer-channel-off = the channel is switched off
failure-channel-disabled = The channel is switched off.
failure-channel-removed = The channel was removed.
failure-channel-changed = The channel has no number for this any more.
failure-no-answer = The provider could not be reached.
channel-check-bot-active = The bot { $subject } answers.
channel-check-bot-refused = Telegram refuses the token of { $subject }. Get it from BotFather and replace it below.
channel-check-bot-no-answer = Telegram could not be reached: { $subject }.
channel-check-bot-posts-here = What comes to { $subject } is posted here.
channel-check-bot-posts-elsewhere = What comes to { $subject } is posted to { $detail }, not here. Switch the channel off and on again to take it back.
channel-check-bot-posts-nowhere = What comes to { $subject } is posted nowhere. Switch the channel off and on again.
channel-check-bot-post-failed = Telegram could not post what came to { $subject }: { $detail }

## The way out
queue-title = Queue and failures
queue-queued = To be sent
queue-under-way = Being sent
queue-retried = To be tried again
queue-scheduled = For later
queue-failed = Failed
queue-unknown = Fate unknown
queue-removed = Removed channels
queue-undelivered = Not delivered
queue-channel = Channel
queue-all-channels = All channels
queue-show = Show
queue-nothing-failed = Nothing failed
queue-message = Message
queue-when = When
queue-pick = Pick the message to { $name }
queue-unknown-hint = It may have arrived. Look at the chat before sending it again.
queue-resend-picked = Send picked again
queue-resend-all = Send all that failed again
queue-total = { $count ->
    [one] { $count } message was not delivered
   *[other] { $count } messages were not delivered
}
queue-resent = { $count ->
    [0] No message is queued again.
    [one] { $count } message is queued again.
   *[other] { $count } messages are queued again.
} { $refused ->
    [0] {""}
    [one] { $refused } can’t be sent: its client can’t be reached so any more.
   *[other] { $refused } can’t be sent: their clients can’t be reached so any more.
}
channel-provider-telegram = Telegram
channels-new-telegram = Connect a Telegram bot
field-bot_token = Bot token
channel-bot-hint = BotFather gives it with /newbot. It is encrypted and never shown again. What clients write to the bot comes here from now on, and nowhere else.
channel-bot-credentials-hint = A new token of the same bot, after BotFather’s /revoke. The old one sends nothing any more.
channel-bot-disable-hint = Switched off, the bot sends nothing and hears nothing; what waits to be sent fails. Telegram keeps for a day what clients write meanwhile.

# Twilio: opting out, WhatsApp's window, approved templates
composer-opted-out = the client has opted out
composer-opted-out-how = { $transport }: the client has opted out with STOP. Only START from the client opens it again.
composer-closed-by-client = { $transport }: { $why }.
problem-opted-out = The client has opted out with STOP. Only START from the client opens it again.
problem-window-closed = The client last wrote by WhatsApp more than 24 hours ago. Send an approved template.
problem-too-many-lines = More lines than the text has variables: { $max } at most.
window-open = The 24-hour window closes in { $hours } h { $minutes } min.
window-open-minutes = The 24-hour window closes in { $minutes } min.
window-closed = The client last wrote by WhatsApp more than 24 hours ago. Until the client writes again, WhatsApp takes approved templates only.
window-unopened = The client has not written by WhatsApp yet. Until then, WhatsApp takes approved templates only.
approved-title = Approved templates
approved-hint = Texts that WhatsApp has approved for this number. They can be sent at any time, also when the client last wrote more than 24 hours ago.
approved-new = Add a template
approved-edit = Approved template
approved-form-hint = Copy the template from Twilio’s Content Template Builder once WhatsApp has approved it. What is changed here does not change it there.
approved-body-hint = The approved text, with its variables as {"{{1}}"}, {"{{2}}"} and so on.
approved-defaults-hint = One line for each variable, in order; what is left empty is filled in before sending. These placeholders can be used:
approved-delete-title = Delete this template?
approved-delete-warning = It can’t be sent from Aloqa any more. What was sent stays in the chats, and nothing changes at Twilio.
approved-none = No approved templates
approved-none-hint = No approved templates are kept for this WhatsApp number yet.
approved-to-settings = Add them in the settings
approved-all = Approved templates
approved-variable = Variable { $number }
approved-preview = The client will read
approved-send-hint = It goes out by WhatsApp, as it was approved.
field-content_sid = Content SID
field-language = Language code
field-body = Approved text
field-defaults = Values to begin with
message-approved = approved template
failure-21655 = Twilio does not know this approved template. Ask your administrator to check its Content SID.
failure-21656 = The values do not fit the approved template. Ask your administrator to check its variables.
# Instant messages: the list's order, the editor, its example
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

# The frame of pages
nav-names = Show names
nav-icons = Only icons

# A number alone, which is written as the language does
number = { $count }
# The simulator: the phones of clients
nav-simulator = Simulator
simulator-lead = Plays the phones of clients. What is written here comes in by signed webhooks, as from the provider; what you send from the chats arrives here.
simulator-no-channel = No channel to play
simulator-who = Who writes
simulator-number = Phone number
simulator-username = Telegram username
simulator-take = Take
simulator-search = Find a client
simulator-nobody = No client can be reached this way. Type a number or a username above.
simulator-choose = Choose who writes.
simulator-phone-of = Phone of { $name }
simulator-empty = Nothing here yet
simulator-write = Write to { $name }
simulator-report = Report
simulator-answered = Aloqa answered { $status }: it did not take the message.
simulator-refused = Aloqa answered #status: it did not take it.
simulator-orders = How the provider behaves
simulator-orders-of = Towards the phone of { $name }
simulator-seconds = Seconds
simulator-code = Error code
simulator-once = For the next message only
simulator-order = Apply
simulator-hint = Seconds pass before each report; 429 asks to wait so long. A report can also be made by hand, below each message, in any order.
simulator-hint-telegram = Answering 429, the provider asks to wait for so many seconds. Telegram reports neither delivery nor reading.
phone-file = File { $number }
play-deliver = Delivers
play-telegram-deliver = Takes the message
play-read = Delivers, and the client reads
play-hold = Takes the message; I report by hand
play-undelivered = Reports it undelivered
play-failed = Reports it failed
play-refused = Refuses it
play-telegram-refused = The client has blocked the bot
play-too-many = Too many requests (429)
play-unavailable = Out of service (503)
play-reset = Reads it, then the connection breaks
play-hang = Reads it and never answers
turned-refused = A message was refused
turned-too-many = A message was turned away with 429
turned-unavailable = A message was turned away with 503
turned-reset = A message was read, and the connection broke
turned-hang = A message was read, and nothing was answered
report-queued = queued
report-sent = sent
report-delivered = delivered
report-read = read
report-undelivered = undelivered
report-failed = failed
field-from = Who writes
field-seconds = Seconds
field-code = Error code

# Notifications of staff
notifications-title = Notifications
notifications-telegram = Telegram
notifications-linked = Messages are told to { $name }.
notifications-unlink = Unlink
notifications-lost = The bot was blocked { $time }, so nothing is told any more. Link Telegram again to be told.
notifications-no-bot = The company has no Telegram bot that could tell you. An administrator connects one under Channels.
notifications-how = A bot of the company can tell you of messages in Telegram, wherever you are.
notifications-link = Link Telegram by @{ $bot }
notifications-open = Open @{ $bot }
notifications-then = Press Start there, within an hour.
notifications-of = Tell me of
told-of-all = All messages of clients
told-of-mine = Messages of clients to whom I have written
told-of-none = No messages of clients
notifications-failed = My own messages that fail
notifications-with-text = Show what the message says
notifications-quiet = Quiet hours
notifications-quiet-hint = Nothing is told from the first hour to the second, in the company’s time zone ({ $zone }); what came meanwhile is told after it, if nobody has read it. Empty for none.
field-quiet_from = From
field-quiet_to = To
notifications-device = On this device
notifications-device-hint = While Aloqa is open in a tab that you are not looking at.
notifications-device-script = This needs JavaScript.
notifications-denied = This browser does not allow notifications of this site. Its settings can change that.
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
notice-linked = Done: from now on { $company } tells you of messages here.
