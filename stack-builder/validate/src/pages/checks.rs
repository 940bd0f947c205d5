//! What CloudFormation's language, limits and schemas forbid: the names of `cfn`'s checks and what they mean.

/// Name, summary, and the whole page.
pub(super) const CHECKS: &[(&str, &str, &str)] = &[
    (
        "control-character",
        "A character that XML cannot carry",
        "A character that XML cannot carry\n\
\n\
# Why\n\
CloudFormation's API answers in XML, which has no control characters but tab, line feed and carriage\n\
return. A stack with one in a text can be made, and then its description cannot be read any more.\n\
\n\
# See\n\
<https://www.w3.org/TR/xml/#charsets>\n",
    ),
    (
        "dangling-reference",
        "A reference to something that the template does not have",
        "A reference to something that the template does not have\n\
\n\
# Why\n\
CloudFormation refuses the whole template when a `Ref`, `Fn::GetAtt`, `Fn::Sub`, `DependsOn` or\n\
condition names nothing in it. Names are compared to the letter, upper and lower case included.\n",
    ),
    (
        "dependency-cycle",
        "Resources that wait for each other, so that none can be made first",
        "Resources that wait for each other, so that none can be made first\n\
\n\
# Why\n\
A reference is a dependency. Move the reference that closes the circle into a resource of its own (a\n\
policy, a security group's rule, a permission) that depends on both sides, or write one of the names\n\
as text.\n",
    ),
    (
        "duplicate-key",
        "A key that stands twice in one object, so that one of its values has no effect",
        "A key that stands twice in one object, so that one of its values has no effect\n\
\n\
# Why\n\
Which of the two wins depends on the reader, and whoever wrote the other one believes that it holds.\n",
    ),
    (
        "function",
        "A function that does not exist, or whose argument has another shape",
        "A function that does not exist, or whose argument has another shape\n\
\n\
# Why\n\
Functions are judged when the template is read, before anything is made. A function is an object\n\
with one key, and nothing may stand beside it. In the text of `Fn::Sub`, `${` begins a name that `}`\n\
ends; a literal `${` is written `${!`.\n",
    ),
    (
        "illegal-name",
        "A name that is not 1 to 255 letters and digits",
        "A name that is not 1 to 255 letters and digits\n\
\n\
# Why\n\
Logical names have no hyphens, dots or underscores. The name of the thing in AWS is a property, and\n\
may.\n",
    ),
    (
        "missing-property",
        "A property that must be set and is not",
        "A property that must be set and is not\n\
\n\
# Why\n\
The resource type's schema demands it. A function that may yield nothing (`Fn::If` with\n\
`AWS::NoValue`) counts as set.\n",
    ),
    (
        "missing-section",
        "A template without resources",
        "A template without resources\n\
\n\
# Why\n\
`Resources` is the one section that every template has.\n",
    ),
    (
        "not-allowed",
        "A value that is none of those that the property takes",
        "A value that is none of those that the property takes\n\
\n\
# Why\n\
Values are compared to the letter, upper and lower case included. Where AWS has a newer value than\n\
the facts of this program, suppress the finding and say so.\n",
    ),
    (
        "null-value",
        "A value that is null, which CloudFormation refuses",
        "A value that is null, which CloudFormation refuses\n\
\n\
# Why\n\
Most often a key in YAML whose value was forgotten, or whose lines below are not indented. To leave\n\
a property out, remove its key or use `AWS::NoValue`.\n",
    ),
    (
        "octal-number",
        "A number with a zero in front, which YAML reads as octal",
        "A number with a zero in front, which YAML reads as octal\n\
\n\
# Why\n\
CloudFormation reads YAML 1.1, where `0755` is 493. The number of an account that begins with a zero\n\
becomes another number without quotation marks.\n",
    ),
    (
        "out-of-range",
        "A number beyond the bounds of its property",
        "A number beyond the bounds of its property\n\
\n\
# Why\n\
The resource type's schema sets the bounds.\n",
    ),
    (
        "parameter-default",
        "A default that the parameter itself would refuse",
        "A default that the parameter itself would refuse\n\
\n\
# Why\n\
Every deployment that does not name the parameter fails.\n",
    ),
    (
        "pattern",
        "A text that does not match the pattern of its property",
        "A text that does not match the pattern of its property\n\
\n\
# Why\n\
The resource type's schema sets the pattern, as an ECMAScript regular expression. A literal\n\
`${Name}` outside `Fn::Sub` is a frequent cause.\n",
    ),
    (
        "read-only-property",
        "An attribute that is set as if it were a property",
        "An attribute that is set as if it were a property\n\
\n\
# Why\n\
AWS chooses the value; it can be read by `Fn::GetAtt` and not set.\n",
    ),
    (
        "repeated-item",
        "An item that stands twice in a list whose items must differ",
        "An item that stands twice in a list whose items must differ\n\
\n\
# Why\n\
The resource type's schema says that the items of this list are unique.\n",
    ),
    (
        "repeated-name",
        "A name that two elements of the template share",
        "A name that two elements of the template share\n\
\n\
# Why\n\
`Ref` cannot tell a parameter from a resource of the same name.\n",
    ),
    (
        "required-choice",
        "Properties of which some belong together, or exclude each other",
        "Properties of which some belong together, or exclude each other\n\
\n\
# Why\n\
The resource type's schema takes one of several, or several together. What `Fn::If` decides when\n\
deployed is not judged.\n",
    ),
    (
        "suppression",
        "A suppression that is misspelt, has no reason, or (a warning) suppresses nothing",
        "A suppression that is misspelt, has no reason, or (a warning) suppresses nothing\n\
\n\
# Why\n\
A suppression hides what the next reader would want to know; the reason tells it. One that has no\n\
effect would hide tomorrow's mistake.\n\
\n\
# Good\n\
```yaml\n\
Metadata:\n\
\u{20} stack-builder:\n\
\u{20}   suppress:\n\
\u{20}     - rule: log-group-without-retention\n\
\u{20}       reason: the auditors want every line\n\
```\n",
    ),
    (
        "template-limit",
        "A template beyond the limits of CloudFormation",
        "A template beyond the limits of CloudFormation\n\
\n\
# Why\n\
500 resources, 200 parameters, outputs and mappings, and a million bytes when the template is read\n\
from S3. Split the stack.\n",
    ),
    (
        "too-few",
        "A list or map with too few entries",
        "A list or map with too few entries\n\
\n\
# Why\n\
The resource type's schema sets the least number.\n",
    ),
    (
        "too-long",
        "A text that is longer than its property takes",
        "A text that is longer than its property takes\n\
\n\
# Why\n\
The resource type's schema sets the length, in characters.\n",
    ),
    (
        "too-many",
        "A list or map with too many entries",
        "A list or map with too many entries\n\
\n\
# Why\n\
The resource type's schema sets the greatest number.\n",
    ),
    (
        "too-short",
        "A text that is shorter than its property takes",
        "A text that is shorter than its property takes\n\
\n\
# Why\n\
The resource type's schema sets the length, in characters.\n",
    ),
    (
        "unknown-attribute",
        "An attribute that the resource type does not have",
        "An attribute that the resource type does not have\n\
\n\
# Why\n\
`Fn::GetAtt` reads what AWS sets, and only a few of the properties that were set by the template:\n\
use the value itself, or `Ref`.\n",
    ),
    (
        "unknown-key",
        "A key that CloudFormation does not know in this place",
        "A key that CloudFormation does not know in this place\n\
\n\
# Why\n\
Properties belong under `Properties`, one level below the resource; `DependsOn`, `DeletionPolicy`\n\
and their like beside it.\n",
    ),
    (
        "unknown-property",
        "A property that the resource type does not have",
        "A property that the resource type does not have\n\
\n\
# Why\n\
Most often a slip of the keyboard, or a property that belongs one level up or down. Where AWS has a\n\
newer property than the facts of this program, suppress the finding and say so.\n",
    ),
    (
        "unknown-tag",
        "A YAML tag that is no function of CloudFormation",
        "A YAML tag that is no function of CloudFormation\n\
\n\
# Why\n\
`!Name` stands for `Fn::Name`. A text that begins with `!` needs quotation marks.\n",
    ),
    (
        "unknown-type",
        "A resource type that does not exist",
        "A resource type that does not exist\n\
\n\
# Why\n\
Types are compared to the letter. Those of third parties, modules and macros are not judged.\n",
    ),
    (
        "unreadable",
        "A file that is no JSON or YAML as CloudFormation reads it",
        "A file that is no JSON or YAML as CloudFormation reads it\n\
\n\
# Why\n\
JSON as the standard has it; YAML 1.1 without aliases, merge keys and more than one document; UTF-8.\n",
    ),
    (
        "wrong-type",
        "A value of another kind than its property takes",
        "A value of another kind than its property takes\n\
\n\
# Why\n\
CloudFormation turns numbers and booleans into texts and back where it must (`\"80\"`, `\"true\"`), and\n\
nothing else: a list of one item is not the item.\n",
    ),
];
