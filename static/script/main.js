// What makes the pages smooth; all of them work without it. Each module takes care of the parts of a page that it finds.

import "./live.js";
import "./log.js";
import "./list.js";
import "./reading.js";
import "./presence.js";
import "./composer.js";
import "./search.js";
import "./pick.js";
import "./forms.js";
import "./shortcuts.js";
import "./profile.js";
import "./spotlight.js";
import "./import.js";
import "./install.js";
import "./copy.js";
import "./window.js";
import "./approved.js";
import "./editor.js";
import "./frame.js";
import "./phone.js";
import "./notify.js";
