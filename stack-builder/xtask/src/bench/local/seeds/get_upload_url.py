import os
import json
import boto3
import uuid
import time

s3 = boto3.client('s3')
BUCKET = os.environ.get('BUCKET_NAME') # set in Lambda env vars

def lambda_handler(event, context):
    # Expect JSON body with 'fileName' and 'contentType' and 'userId'
    body = event.get('body')
    if isinstance(body, str):
        body = json.loads(body)
    file_name = body.get('fileName')
    content_type = body.get('contentType', 'application/octet-stream')
    user_id = body.get('userId', 'anonymous')

    # Create a unique key (prefix by user for organization)
    file_id = str(uuid.uuid4())
    key = f'{user_id}/{file_id}_{file_name}'

    # Generate presigned URL
    presigned = s3.generate_presigned_url(
        'put_object',
        Params={
            'Bucket': BUCKET,
            'Key': key,
            'ContentType': content_type
        },
        ExpiresIn=900 # 15 minutes
    )

    response = {
        "uploadUrl": presigned,
        "key": key,
        "fileId": file_id
    }

    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json", "Access-Control-Allow-Origin": "*"},
        "body": json.dumps(response)
    }
