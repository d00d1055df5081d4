### English: the texts of the feature module `clients`.

## Clients

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
sort-best = Best match first
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

## Duplicates and merges

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

## Import and export: columns

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

## A client's page

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

## The list of clients: created dates, rows, bulk delete

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

## Import

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
