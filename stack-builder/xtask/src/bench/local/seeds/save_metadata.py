import os
import json
import boto3
from datetime import datetime

dynamodb = boto3.resource('dynamodb')
TABLE_NAME = os.environ.get('TABLE_NAME')
table = dynamodb.Table(TABLE_NAME)

def lambda_handler(event, context):
    body = event.get('body')
    if isinstance(body, str):
        body = json.loads(body)

    user_id = body.get('userId')
    file_id = body.get('fileId')
    key = body.get('key')
    size = body.get('size')
    content_type = body.get('contentType')
    extra = body.get('extra', {})

    if not (user_id and file_id and key):
        return {"statusCode":400, "body": json.dumps({"error":"missing fields"})}

    item = {
        "UserId": user_id,
        "FileId": file_id,
        "S3Key": key,
        "Size": size or 0,
        "ContentType": content_type or "application/octet-stream",
        "UploadedAt": datetime.utcnow().isoformat(),
        "Extra": extra
    }

    table.put_item(Item=item)

    return {
        "statusCode":200,
        "headers":{"Content-Type":"application/json","Access-Control-Allow-Origin":"*"},
        "body": json.dumps({"status":"ok", "item": item})
    }
