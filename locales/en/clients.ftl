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
merge-lead = Choose the duplicate of { $name }
merge-likely = Possible matches
merge-search = Find another client
merge-compare = Compare
merge-compare-with = Compare with { $name }
merge-compare-lead = Where the two differ, choose which value to keep.
merge-dismiss = Not the same person
merge-stays = Stays
merge-goes = Will be merged
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
merge-stale = Someone has just changed one of the two. This is their current state; check it and merge.
merges-title = Merged duplicates
merges-lead = A merge can be undone for 30 days.
merges-empty = No recent merges
merge-merged = { $name } was merged
merge-until = can be undone until { $date }
merge-undo = Undo
merge-under = Undo the later merge first
merge-undone = The merge is undone
merge-undone-lead = Both clients are back. Messages received since the merge stay where they are.
merge-left = What could not be restored
merge-left-changed = { $field }: changed after the merge, so it stays as it is.
merge-left-taken = { $field }: another client has it now.
merge-left-contact = Contact { $value }: removed after the merge, or another client has it now.
problem-itself = This is the same client. Choose another one.
error-merged = This client was merged with another
error-merged-detail = Continue here: { $url }
error-merged-show = Open the merged client
error-stale = Changed in the meantime
error-stale-detail = Someone has changed this since you opened it. Check it and try again.
error-conflict-merge = This client was merged again later. Undo the later merge first.

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
export-csv = CSV, for spreadsheets and for importing again
export-xlsx = XLSX, for Excel and LibreOffice

## A client's page

client-edit-all = Edit everything
client-edit-section = Edit: { $section }
client-open-named = Open { $name }
client-tabs = Parts of the profile
client-tab-general = General
client-tab-messages = Messages
client-tab-actions = Actions
client-tax = Tax
client-to-chat = Go to chat
client-whole-chat = Earlier messages are in the chat
client-open-chat-hint = Continue the chat, or start one.
client-delete = Delete client
client-merge-hint = Compare two records of the same person and keep one.
client-delete-hint = You will first see what is deleted with it.
client-delete-title = Delete { $name }?
client-delete-takes = This also deletes:
client-delete-warning = This can’t be undone. Only an entry in the audit log remains.
client-no-actions = Your role only allows viewing.
client-history = History
client-history-nobody = automatically
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
happened-ClientCreated = Client created
happened-ClientUpdated = Details changed
happened-ChatCreated = Chat started
happened-ClientMerged = Merged with a duplicate
happened-ClientUnmerged = Merge undone
conflict-note = Someone else changed this while you were editing. Nothing is saved yet: compare, choose your values or theirs, and save.
conflict-theirs = Saved in the meantime:
conflict-take = use this
conflict-save = Save mine
conflict-discard = Discard mine
problem-taken-by-client = Another client already has this.
error-precondition = This version is out of date
error-precondition-detail = The record has changed. Read it again, and send the change with the new ETag.

## The list of clients: created dates, rows, bulk delete

clients-created-any = Created at any time
clients-created-week = Last 7 days
clients-created-month = Last 30 days
clients-created-since = Since { $date }
clients-created-until = Until { $date }
clients-created-from = From
clients-created-to = To
field-created_from = { clients-created-from }
field-created_to = { clients-created-to }
field-sort = { clients-sort }
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
clients-delete-warning = This can’t be undone. It deletes:
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
clients-delete-go-on = Continue

## Import

import = Import
import-title = Import clients
import-file = File
import-file-hint = A table as a spreadsheet saves it (comma, semicolon or tab; UTF-8, UTF-16 or Windows-1251; column names in the first row), or an address book (vCard).
import-ignored = Not imported: { $columns }.
import-limits = At most { $rows } rows and { $megabytes } MB.
import-upload = Upload
import-past = Past imports
import-none = No imports yet
import-none-hint = Upload a table. Before anything is saved, you will see how it is read and which rows have errors.
import-rows = { $count ->
    [one] { $count } row
   *[other] { $count } rows
}
import-created = { $count } new
import-updated = { $count } changed
import-state-mapping = Match the columns
import-state-checking = Checking the rows
import-state-checked = Checked, ready to import
import-state-running = Importing
import-state-cancelling = Being cancelled
import-state-failing = Being undone
import-state-done = Imported
import-state-cancelled = Cancelled
import-state-failed = Not imported
import-mapping-lead = Match the columns. We have already selected what we recognised; columns that you skip are not imported.
import-means = What { $title } contains
import-not-read = – skip –
import-doubled = Another column is already matched to this.
import-no-name = No column contains a name, a phone or a PIN, so no clients can be created.
import-dates = Date format
import-dates-day-first = Day first: 28.02.1990
import-dates-month-first = Month first: 02/28/1990
import-dates-ambiguous = The dates in this file can be read both ways. Check which one is right.
import-dates-hint = Dates such as 1990-02-28 are always understood.
import-check = Check the rows
import-progress = { $position } of { $total } rows. You can leave this page; the import continues.
import-refresh = Refresh
import-good = New clients
import-duplicates = Already exist
import-bad = With errors
import-made = New
import-changed = Changed
import-kept = Unchanged
import-of-duplicates = Clients that already exist
import-skip = Leave them unchanged
import-skip-hint = Clients are matched by phone or PIN.
import-update = Update them
import-update-hint = Filled cells replace the saved values; empty cells change nothing.
import-of-bad = Rows with errors
import-good-only = Import the rows without errors
import-good-only-hint = You can download the others, fix them and import them later.
import-whole = All rows or none
import-whole-hint = If a row can’t be saved, or if you cancel, everything is undone.
import-whole-not = Not possible while rows have errors.
import-start = Start import
import-columns-again = Change columns
import-cancel = Cancel import
import-flaws = Rows with errors and duplicates
import-flaws-download = Download as CSV
import-flaws-more = The file contains all of them.
import-flaws-file = to fix
import-row = Row
import-row-number = Row { $row }
import-wrong = Error
import-failed = One row could not be saved, so none were.
import-cancelled-kept = The import was cancelled. The clients imported before that are saved.
import-undone = All its changes were undone.
import-undone-but = { $count ->
    [one] Everything is undone but { $count } client, whom someone has changed or written to since.
   *[other] Everything is undone but { $count } clients, whom someone has changed or written to since.
}
import-file-gone = The uploaded file was deleted: files are kept for one day.
import-to-clients = Go to clients
flaw-not-a-date = This is not a date in the chosen format, or not a valid one.
flaw-not-a-gender = Write female, male or other.
flaw-not-a-country = Write the country in two letters, such as UZ.
flaw-too-many-cells = The row has more cells than there are columns. A quotation mark may be missing.
flaw-unclosed-quote = A quotation mark opens in this row and none closes it, so the rest of the file is in one cell. Correct the row and upload the file again.
flaw-taken = An existing client already has this.
flaw-repeats = Row { $row } has this already.
flaw-two-clients = The phone belongs to one client, the PIN to another.
flaw-client = Client { $id }
field-last_first_name = Full name, last name first
problem-not-a-table = This file contains no table with column names and rows.
error-table-too-large = This table is too large
error-table-too-large-detail = At most { $rows } rows and { $megabytes } MB are imported at once. Split the file and import the parts one after the other.
