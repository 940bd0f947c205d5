//! Policies that AWS manages, as far as stacks with functions use them.
//!
//! From <https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html>; actions of services that do
//! not run here are left out where a policy names many.

use super::document::Document;

/// Name behind `arn:aws:iam::aws:policy/`, actions, resources.
type Row = (&'static str, &'static [&'static str], &'static [&'static str]);

const ALL: &[&str] = &["*"];
const WRITE_LOGS: &[&str] = &["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];

const POLICIES: &[Row] = &[
    ("AdministratorAccess", ALL, ALL),
    ("service-role/AWSLambdaBasicExecutionRole", WRITE_LOGS, ALL),
    (
        "service-role/AWSLambdaVPCAccessExecutionRole",
        &[
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:PutLogEvents",
            "ec2:CreateNetworkInterface",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSubnets",
            "ec2:DeleteNetworkInterface",
            "ec2:AssignPrivateIpAddresses",
            "ec2:UnassignPrivateIpAddresses",
        ],
        ALL,
    ),
    (
        "service-role/AWSLambdaDynamoDBExecutionRole",
        &[
            "dynamodb:DescribeStream",
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
            "dynamodb:ListStreams",
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:PutLogEvents",
        ],
        ALL,
    ),
    (
        "service-role/AWSLambdaSQSQueueExecutionRole",
        &[
            "sqs:ReceiveMessage",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:PutLogEvents",
        ],
        ALL,
    ),
    ("service-role/AWSLambdaRole", &["lambda:InvokeFunction"], ALL),
    (
        "service-role/AmazonAPIGatewayPushToCloudWatchLogs",
        &[
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:DescribeLogGroups",
            "logs:DescribeLogStreams",
            "logs:PutLogEvents",
            "logs:GetLogEvents",
            "logs:FilterLogEvents",
        ],
        ALL,
    ),
    ("AWSXRayDaemonWriteAccess", XRAY, ALL),
    ("AWSXrayWriteOnlyAccess", XRAY, ALL),
    ("AmazonS3FullAccess", &["s3:*", "s3-object-lambda:*"], ALL),
    (
        "AmazonS3ReadOnlyAccess",
        &["s3:Get*", "s3:List*", "s3:Describe*", "s3-object-lambda:Get*", "s3-object-lambda:List*"],
        ALL,
    ),
    ("AmazonDynamoDBFullAccess", &["dynamodb:*"], ALL),
    ("AmazonDynamoDBFullAccess_v2", &["dynamodb:*"], ALL),
    (
        "AmazonDynamoDBReadOnlyAccess",
        &[
            "dynamodb:BatchGetItem",
            "dynamodb:Describe*",
            "dynamodb:List*",
            "dynamodb:GetAbacStatus",
            "dynamodb:GetItem",
            "dynamodb:GetResourcePolicy",
            "dynamodb:Query",
            "dynamodb:Scan",
            "dynamodb:PartiQLSelect",
        ],
        ALL,
    ),
    ("SecretsManagerReadWrite", &["secretsmanager:*"], ALL),
    ("CloudWatchLogsFullAccess", &["logs:*"], ALL),
    (
        "CloudWatchLogsReadOnlyAccess",
        &[
            "logs:Describe*",
            "logs:Get*",
            "logs:List*",
            "logs:StartQuery",
            "logs:StopQuery",
            "logs:TestMetricFilter",
            "logs:FilterLogEvents",
            "logs:StartLiveTail",
            "logs:StopLiveTail",
        ],
        ALL,
    ),
    ("AWSLambda_FullAccess", &["lambda:*"], ALL),
    ("AmazonCognitoPowerUser", &["cognito-identity:*", "cognito-idp:*", "cognito-sync:*"], ALL),
    (
        "AmazonCognitoReadOnly",
        &[
            "cognito-idp:Describe*",
            "cognito-idp:AdminGetUser",
            "cognito-idp:AdminList*",
            "cognito-idp:List*",
            "cognito-idp:Get*",
        ],
        ALL,
    ),
    (
        "CloudWatchLambdaInsightsExecutionRolePolicy",
        WRITE_LOGS,
        &["arn:aws:logs:*:*:log-group:/aws/lambda-insights:*"],
    ),
];

const XRAY: &[&str] = &[
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:GetSamplingStatisticSummaries",
];

/// The policy with this ARN; `None` when it is not known here.
pub(super) fn managed(arn: &str) -> Option<Document> {
    let name = arn.strip_prefix("arn:aws:iam::aws:policy/")?;
    let (_, actions, resources) = POLICIES.iter().find(|(known, _, _)| *known == name)?;
    Some(Document::allowing("of AWS", actions, resources))
}
